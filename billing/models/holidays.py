"""The days on which banks are closed, weekends apart. R: E12."""

from __future__ import annotations

from django.db import models


class Holiday(models.Model):
    """A public holiday that moves a due day to the next business day."""

    day = models.DateField("날", primary_key=True)
    name = models.CharField("이름", max_length=60)

    class Meta:
        verbose_name = "공휴일"

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
