from django.apps import AppConfig


class ShellConfig(AppConfig):
    """The shell: knows every app, no app knows it."""

    name = "workplace_console"

    def ready(self) -> None:
        # shared_task needs the Celery app to be the current one in every process.
        from workplace_console import celery  # noqa: F401
