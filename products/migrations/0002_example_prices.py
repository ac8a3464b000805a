"""The catalogue to begin with: examples, since the real prices are not public. R: E11."""

from django.db import migrations

FROM = "2010-01-01"
SEAT, CAPACITY = 1, 2
WORKPLACE, COLLABO, COLLABO_PLUS = 1, 2, 3
MONTHLY, ANNUAL = 1, 2
SEATS = [
    (WORKPLACE, MONTHLY, 5_000),
    (WORKPLACE, ANNUAL, 50_000),
    (COLLABO, MONTHLY, 8_000),
    (COLLABO, ANNUAL, 80_000),
    (COLLABO_PLUS, MONTHLY, 12_000),
    (COLLABO_PLUS, ANNUAL, 120_000),
]


def fill(apps, _schema_editor):
    price = apps.get_model("products", "Price")
    price.objects.bulk_create(
        [
            price(item=SEAT, plan=plan, cycle=cycle, starts_on=FROM, unit_price=won)
            for plan, cycle, won in SEATS
        ]
        + [price(item=CAPACITY, starts_on=FROM, unit_price=90_000)]
    )


class Migration(migrations.Migration):
    dependencies = [("products", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
