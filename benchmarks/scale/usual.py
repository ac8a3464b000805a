"""The usual way: Django's default tables, and the ORM for one company after another."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from benchmarks.scale.places import Place


def models() -> dict[str, Any]:
    """Tables as one makes them without a second thought: an id, foreign keys, a unique key."""
    from django.db import models as fields

    class Charge(fields.Model):
        company = fields.ForeignKey("groupco.Company", fields.CASCADE, related_name="+")
        payer = fields.ForeignKey("groupco.Company", fields.CASCADE, related_name="+")
        day = fields.DateField()
        item = fields.IntegerField()
        plan = fields.IntegerField(null=True)
        cycle = fields.IntegerField(null=True)
        quantity = fields.IntegerField()
        unit_price = fields.IntegerField()

        class Meta:
            app_label = "usual"
            unique_together = ("company", "day", "item")

        def __str__(self) -> str:
            return f"{self.company_id} {self.day}"

    class Invoice(fields.Model):
        payer = fields.ForeignKey("groupco.Company", fields.CASCADE, related_name="+")
        number = fields.CharField(max_length=50, unique=True)
        issued_on = fields.DateField()
        sequence = fields.IntegerField()
        period_from = fields.DateField()
        period_to = fields.DateField()
        supply = fields.BigIntegerField()
        vat = fields.BigIntegerField()
        buyer_name = fields.CharField(max_length=100)
        buyer_business_number = fields.CharField(max_length=10)
        buyer_address = fields.CharField(max_length=200)

        class Meta:
            app_label = "usual"
            unique_together = ("payer", "issued_on")

        def __str__(self) -> str:
            return self.number

    class Line(fields.Model):
        invoice = fields.ForeignKey(Invoice, fields.CASCADE, related_name="lines")
        company = fields.ForeignKey("groupco.Company", fields.CASCADE, related_name="+")
        item = fields.IntegerField()
        plan = fields.IntegerField(null=True)
        unit_price = fields.IntegerField()
        amount = fields.BigIntegerField()

        class Meta:
            app_label = "usual"

        def __str__(self) -> str:
            return f"{self.invoice_id} {self.amount}"

    return {"Charge": Charge, "Invoice": Invoice, "Line": Line}


class Usual:
    """The loops, over some of the companies: a second of them tells what an hour would do."""

    def __init__(self, place: Place, tables: dict[str, Any], *, sample: int) -> None:
        self.place, self.tables, self.sample = place, tables, sample

    def fill(self, days: tuple[date, date], *, most: int) -> None:
        """The tables, with the charges of these days for at most so many companies."""
        from django.db import connection

        with self.place, connection.schema_editor() as editor:
            for table in self.tables.values():
                editor.create_model(table)
        self.place.sql(
            """INSERT INTO usual_charge (company_id, payer_id, day, item, plan, cycle, quantity,
                                         unit_price)
               SELECT company, payer, day, item, plan, cycle, quantity, unit_price
               FROM billing_daycharge JOIN made ON made.id = company
               WHERE day BETWEEN %(first)s AND %(last)s AND n < %(most)s""",
            first=days[0],
            last=days[1],
            most=most,
        )

    def payers(self) -> list[str]:
        found = self.place.sql(
            """SELECT id FROM made WHERE is_paid AND NOT is_grouped ORDER BY n LIMIT %(most)s""",
            most=self.sample,
        )
        return [id for (id,) in found]

    def charge(self, day: date) -> int:
        """Charge a day: count, price, payer, get_or_create; how many rows."""
        from django.db.models import Q

        from groupco.models import Account, Payer
        from products.models import AddedCapacity, Phase, Price

        rows = 0
        dated = {"starts_on__lte": day, "ends_on__gte": day}
        for company in self.payers():
            phase = Phase.objects.filter(company_id=company, **dated).first()
            payer = Payer.objects.filter(company_id=company, **dated).first()
            if phase is None or payer is None:
                continue
            counts = Q(excluded_on=None) | Q(excluded_on__gte=day)
            accounts = Account.objects.filter(counts, company_id=company, registered_on__lte=day)
            used = [(1, phase.plan, phase.cycle, accounts.count())]
            added = AddedCapacity.objects.filter(company_id=company, **dated).first()
            if added:
                used.append((2, None, None, added.count))
            for item, plan, cycle, quantity in used:
                prices = Price.objects.filter(item=item, plan=plan, cycle=cycle, starts_on__lte=day)
                self.tables["Charge"].objects.get_or_create(
                    company_id=company,
                    day=day,
                    item=item,
                    defaults={
                        "payer_id": payer.payer_id,
                        "plan": plan,
                        "cycle": cycle,
                        "quantity": quantity,
                        "unit_price": prices.latest("starts_on").unit_price,
                    },
                )
                rows += 1
        return rows

    def close(self, day: date) -> int:
        """Close a month: an invoice for each payer, with its number in the month, its buyer as of
        the day and its lines; how many invoices."""
        from django.db import transaction
        from django.db.models import Sum

        from groupco.models import Company

        until = day - timedelta(days=1)
        month = until.replace(day=1)
        charges, invoices, lines = (self.tables[name] for name in ("Charge", "Invoice", "Line"))
        issued = 0
        for payer in self.payers():
            with transaction.atomic():
                found = charges.objects.filter(payer_id=payer, day__range=(month, until))
                by_line = found.values("company_id", "item", "plan", "cycle", "unit_price")
                amounts = [
                    (line, line.pop("quantity__sum") * line["unit_price"] // until.day)
                    for line in by_line.annotate(Sum("quantity"))
                    if line.pop("cycle") != 2
                ]
                if not amounts:
                    continue
                supply = sum(amount for _line, amount in amounts)
                buyer = Company.objects.get(pk=payer)
                of_month = {"issued_on__year": day.year, "issued_on__month": day.month}
                sequence = invoices.objects.filter(payer_id=payer, **of_month).count() + 1
                invoice, _new = invoices.objects.get_or_create(
                    payer_id=payer,
                    issued_on=day,
                    defaults={
                        "number": f"{payer}-{day:%Y%m}-{sequence}",
                        "sequence": sequence,
                        "period_from": month,
                        "period_to": until,
                        "supply": supply,
                        "vat": supply // 10,
                        "buyer_name": buyer.name,
                        "buyer_business_number": buyer.business_number,
                        "buyer_address": buyer.address,
                    },
                )
                for line, amount in amounts:
                    lines.objects.create(invoice=invoice, amount=amount, **line)
                issued += 1
        return issued
