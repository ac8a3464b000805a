from django.db.models import TextChoices


class Role(TextChoices):
    """What a console admin may do. R: A6."""

    OWNER = "owner", "소유자"
    BILLING = "billing", "청구 담당"
    VIEWER = "viewer", "열람"
