"""Properties are tried without a deadline: a busy machine is no reason to fail."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "domain", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("domain")
