"""Collect, check and compile the translations; run as `python -m i18n update|check|compile`."""
