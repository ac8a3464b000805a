"""Korean public holidays to begin with, and the due day of every bill there is. R: E12.

Weekends are a rule and stand in no table, so of a holiday on one only its substitute is here.
"""

from datetime import date, timedelta

from django.conf import settings
from django.db import migrations, models

HOLIDAYS = (
    ("2026-01-01", "신정"),
    ("2026-02-16", "설날 연휴"),
    ("2026-02-17", "설날"),
    ("2026-02-18", "설날 연휴"),
    ("2026-03-02", "대체공휴일(삼일절)"),
    ("2026-05-01", "노동절"),
    ("2026-05-05", "어린이날"),
    ("2026-05-25", "대체공휴일(부처님 오신 날)"),
    ("2026-06-03", "전국동시지방선거"),
    ("2026-07-17", "제헌절"),
    ("2026-08-17", "대체공휴일(광복절)"),
    ("2026-09-24", "추석 연휴"),
    ("2026-09-25", "추석"),
    ("2026-10-05", "대체공휴일(개천절)"),
    ("2026-10-09", "한글날"),
    ("2026-12-25", "성탄절"),
    ("2027-01-01", "신정"),
    ("2027-02-08", "설날 연휴"),
    ("2027-02-09", "대체공휴일(설날)"),
    ("2027-03-01", "삼일절"),
    ("2027-05-03", "대체공휴일(노동절)"),
    ("2027-05-05", "어린이날"),
    ("2027-05-13", "부처님 오신 날"),
    ("2027-07-19", "대체공휴일(제헌절)"),
    ("2027-08-16", "대체공휴일(광복절)"),
    ("2027-09-14", "추석 연휴"),
    ("2027-09-15", "추석"),
    ("2027-09-16", "추석 연휴"),
    ("2027-10-04", "대체공휴일(개천절)"),
    ("2027-10-11", "대체공휴일(한글날)"),
    ("2027-12-27", "대체공휴일(성탄절)"),
    ("2028-01-26", "설날 연휴"),
    ("2028-01-27", "설날"),
    ("2028-01-28", "설날 연휴"),
    ("2028-03-01", "삼일절"),
    ("2028-04-12", "국회의원 선거"),
    ("2028-05-01", "노동절"),
    ("2028-05-02", "부처님 오신 날"),
    ("2028-05-05", "어린이날"),
    ("2028-06-06", "현충일"),
    ("2028-07-17", "제헌절"),
    ("2028-08-15", "광복절"),
    ("2028-10-02", "추석 연휴"),
    ("2028-10-03", "추석, 개천절"),
    ("2028-10-04", "추석 연휴"),
    ("2028-10-05", "대체공휴일(추석)"),
    ("2028-10-09", "한글날"),
    ("2028-12-25", "성탄절"),
)


def fill(apps, _schema_editor):
    holiday = apps.get_model("billing", "Holiday")
    holiday.objects.bulk_create(
        holiday(day=date.fromisoformat(day), name=name) for day, name in HOLIDAYS
    )
    invoices = apps.get_model("billing", "Invoice").objects
    for issued_on in invoices.order_by().values_list("issued_on", flat=True).distinct():
        invoices.filter(issued_on=issued_on).update(due_on=due_day(issued_on))


def due_day(issued_on):
    """As the rule of this day has it; later ones may differ, issued bills do not."""
    closed = {date.fromisoformat(day) for day, _name in HOLIDAYS}
    due = issued_on.replace(day=settings.PAYMENT_DUE_DAY)
    if due <= issued_on:
        due = (due.replace(day=1) + timedelta(days=32)).replace(day=settings.PAYMENT_DUE_DAY)
    while due.weekday() > 4 or due in closed:
        due += timedelta(days=1)
    return due


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_payments")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="invoice",
            name="due_on",
            field=models.DateField(verbose_name="결제일"),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(due_on__gt=models.F("issued_on")),
                name="invoice_due_after_issue",
            ),
        ),
    ]
