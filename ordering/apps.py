from django.apps import AppConfig


class OrderingConfig(AppConfig):
    name = "ordering"

    def ready(self) -> None:
        from ordering import tasks  # noqa: F401  registers what follows from an order
