from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "workplace_console.common"
    label = "common"
    verbose_name = "공통"
