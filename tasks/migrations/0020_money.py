"""The money of initiatives. The database itself refuses to change or remove a row of its ledger."""

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

LEDGER = "tasks_moneymove"
SQLITE = [
    f"CREATE TRIGGER IF NOT EXISTS {LEDGER}_no_{verb.lower()} BEFORE {verb} ON {LEDGER} "
    "BEGIN SELECT RAISE(ABORT, 'a ledger is only added to'); END"
    for verb in ("UPDATE", "DELETE")
]
SQLITE_BACK = [f"DROP TRIGGER IF EXISTS {LEDGER}_no_{verb}" for verb in ("update", "delete")]
POSTGRESQL = [
    """
    CREATE OR REPLACE FUNCTION tasks_keep_the_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'a ledger is only added to' USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    f"CREATE TRIGGER {LEDGER}_stays BEFORE UPDATE OR DELETE ON {LEDGER} "
    "FOR EACH ROW EXECUTE FUNCTION tasks_keep_the_ledger()",
]
POSTGRESQL_BACK = [f"DROP TRIGGER {LEDGER}_stays ON {LEDGER}", "DROP FUNCTION tasks_keep_the_ledger()"]


def _run(schema_editor, on_sqlite, on_postgresql):
    statements = {"sqlite": on_sqlite, "postgresql": on_postgresql}[schema_editor.connection.vendor]
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def keep_the_ledger(apps, schema_editor):
    _run(schema_editor, SQLITE, POSTGRESQL)


def let_it_go(apps, schema_editor):
    _run(schema_editor, SQLITE_BACK, POSTGRESQL_BACK)


def grant_what_was_promised(apps, schema_editor):
    """Initiatives that were endorsed before there were envelopes get theirs: all that was granted, released at once."""
    get = apps.get_model
    for lent in get("tasks", "Endorsement").objects.select_related("decision").order_by("pk"):
        lines = [one for one in lent.decision.granted if one["kind"] == "money" and one["granted_minor"]]
        amount = sum(one["granted_minor"] for one in lines)
        if not amount:
            continue
        envelope = get("tasks", "Envelope").objects.create(
            initiative_id=lent.initiative_id,
            decision=lent.decision,
            currency=lines[0]["currency"],
            approved_minor=amount,
            released_minor=amount,
        )
        houses = [{"kind": "fees"}, {"kind": "cancelling", "granted_minor": amount // 5}]
        rows = [{"what": one["what"], "granted_minor": one["granted_minor"]} for one in lines] + houses
        for position, values in enumerate(rows):
            get("tasks", "BudgetLine").objects.create(envelope=envelope, position=position, **values)
        moves = get("tasks", "MoneyMove").objects
        moves.create(envelope=envelope, kind="granted", approved_minor=amount, by_id=lent.decision.by_id)
        tranche = get("tasks", "Tranche").objects.create(
            envelope=envelope, number=1, amount_minor=amount, released_at=lent.granted_at
        )
        moves.create(envelope=envelope, kind="released", released_minor=amount, tranche=tranche)


class Migration(migrations.Migration):
    dependencies = [
        ("tasks", "0019_what_came_of_it"),
        ("uploads", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Envelope",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("approved_minor", models.PositiveBigIntegerField(default=0, verbose_name="granted")),
                ("released_minor", models.PositiveBigIntegerField(default=0, verbose_name="released")),
                ("reserved_minor", models.PositiveBigIntegerField(default=0, verbose_name="promised")),
                ("spent_minor", models.PositiveBigIntegerField(default=0, verbose_name="spent")),
                ("returned_minor", models.PositiveBigIntegerField(default=0, verbose_name="went back")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("settled", "Settled")],
                        default="open",
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                ("account", models.TextField(blank=True, max_length=2000, verbose_name="account")),
                ("accounted_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tasks.decision"
                    ),
                ),
                (
                    "initiative",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="envelope", to="tasks.initiative"
                    ),
                ),
            ],
            options={
                "verbose_name": "envelope",
                "verbose_name_plural": "envelopes",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="BudgetLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("asked", "As proposed"),
                            ("fees", "Fees"),
                            ("cancelling", "If it is cancelled: what cannot be undone"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("what", models.CharField(blank=True, max_length=200)),
                ("granted_minor", models.PositiveBigIntegerField(default=0)),
                ("used_minor", models.PositiveBigIntegerField(default=0)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "envelope",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="tasks.envelope"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Expense",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(blank=True, max_length=200, verbose_name="what for")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("amount_minor", models.PositiveBigIntegerField(verbose_name="amount")),
                ("original_minor", models.PositiveBigIntegerField(blank=True, null=True)),
                ("original_currency", models.CharField(blank=True, max_length=3)),
                ("rate", models.DecimalField(blank=True, decimal_places=8, max_digits=18, null=True)),
                ("rate_on", models.DateField(blank=True, null=True)),
                ("payee", models.CharField(blank=True, max_length=120, verbose_name="who was paid")),
                ("issued_on", models.DateField(verbose_name="day of the receipt")),
                ("fapiao", models.CharField(blank=True, max_length=40, verbose_name="fapiao")),
                ("receipt_sha256", models.CharField(max_length=64)),
                ("receipt_look", models.CharField(blank=True, max_length=64)),
                (
                    "related_party",
                    models.BooleanField(default=False, verbose_name="the payee belongs to one of us or is close to us"),
                ),
                ("needs_two", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("submitted", "Waits for approval"),
                            ("returned", "Returned, something is missing"),
                            ("approved", "Approved, waits for payment"),
                            ("paid", "Paid"),
                            ("refused", "Refused"),
                            ("withdrawn", "Taken back"),
                        ],
                        default="submitted",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "revision",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="One more whenever what is approved changes."
                    ),
                ),
                ("payment", models.CharField(blank=True, max_length=80, verbose_name="reference of the payment")),
                ("submitted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("paid_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "approver",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "envelope",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="expenses", to="tasks.envelope"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tasks.budgetline"
                    ),
                ),
                (
                    "looks_like",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tasks.expense",
                    ),
                ),
                (
                    "payer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="uploads.upload"
                    ),
                ),
                (
                    "second_approver",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submitter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "expense",
                "verbose_name_plural": "expenses",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ExpenseMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_state", models.CharField(blank=True, max_length=9)),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("submitted", "Waits for approval"),
                            ("returned", "Returned, something is missing"),
                            ("approved", "Approved, waits for payment"),
                            ("paid", "Paid"),
                            ("refused", "Refused"),
                            ("withdrawn", "Taken back"),
                        ],
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("changed", models.JSONField(default=list)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "expense",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="moves", to="tasks.expense"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Tranche",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("amount_minor", models.PositiveBigIntegerField(verbose_name="amount")),
                ("condition", models.CharField(blank=True, max_length=500, verbose_name="condition")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="on")),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                (
                    "envelope",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tranches", to="tasks.envelope"
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="MoneyMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("granted", "Granted"),
                            ("released", "Released"),
                            ("reserved", "Promised"),
                            ("freed", "Promise taken back"),
                            ("paid", "Paid"),
                            ("unpaid", "Payment taken back"),
                            ("returned", "Went back to the brand"),
                            ("reopened", "Taken out again"),
                        ],
                        max_length=8,
                    ),
                ),
                ("approved_minor", models.BigIntegerField(default=0)),
                ("released_minor", models.BigIntegerField(default=0)),
                ("reserved_minor", models.BigIntegerField(default=0)),
                ("spent_minor", models.BigIntegerField(default=0)),
                ("returned_minor", models.BigIntegerField(default=0)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "envelope",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="tasks.envelope"
                    ),
                ),
                (
                    "expense",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="money_moves",
                        to="tasks.expense",
                    ),
                ),
                (
                    "tranche",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tasks.tranche"
                    ),
                ),
            ],
            options={
                "verbose_name": "movement of money",
                "verbose_name_plural": "ledger of money",
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="envelope",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "approved_minor__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("reserved_minor"), "+", models.F("spent_minor")
                        ),
                    )
                ),
                name="reserved_and_spent_within_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="envelope",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "released_minor__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("reserved_minor"), "+", models.F("spent_minor")
                        ),
                    )
                ),
                name="reserved_and_spent_within_released",
            ),
        ),
        migrations.AddConstraint(
            model_name="envelope",
            constraint=models.CheckConstraint(
                condition=models.Q(("approved_minor__gte", models.F("released_minor"))), name="released_within_approved"
            ),
        ),
        migrations.AddConstraint(
            model_name="envelope",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("returned_minor", 0), ("settled_at__isnull", True), ("state", "open")),
                    models.Q(
                        (
                            "approved_minor",
                            django.db.models.expressions.CombinedExpression(
                                models.F("spent_minor"), "+", models.F("returned_minor")
                            ),
                        ),
                        ("reserved_minor", 0),
                        ("settled_at__isnull", False),
                        ("state", "settled"),
                    ),
                    _connector="OR",
                ),
                name="a_settled_envelope_holds_nothing",
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "asked"), _negated=True),
                fields=("envelope", "kind"),
                name="one_line_of_the_house_per_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "cancelling"), _negated=True),
                    ("granted_minor__gte", models.F("used_minor")),
                    _connector="OR",
                ),
                name="cancelling_costs_what_was_agreed",
            ),
        ),
        migrations.AddIndex(
            model_name="expense",
            index=models.Index(fields=["state", "submitted_at"], name="expense_queue"),
        ),
        migrations.AddConstraint(
            model_name="expense",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gte", 1)), name="an_expense_has_an_amount"
            ),
        ),
        migrations.AddConstraint(
            model_name="expense",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("original_currency", ""),
                        ("original_minor__isnull", True),
                        ("rate__isnull", True),
                        ("rate_on__isnull", True),
                    ),
                    models.Q(
                        models.Q(("original_currency", ""), _negated=True),
                        ("original_minor__isnull", False),
                        ("rate__isnull", False),
                        ("rate_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="a_foreign_receipt_has_its_rate",
            ),
        ),
        migrations.AddConstraint(
            model_name="expense",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("fapiao", ""), _negated=True),
                    models.Q(("state__in", ("refused", "withdrawn")), _negated=True),
                ),
                fields=("fapiao",),
                name="one_expense_per_fapiao",
            ),
        ),
        migrations.AddConstraint(
            model_name="expense",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("refused", "withdrawn")), _negated=True),
                fields=("receipt_sha256",),
                name="one_expense_per_receipt",
            ),
        ),
        migrations.AddConstraint(
            model_name="expense",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approver__isnull", True),
                    models.Q(("approver", models.F("submitter")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_approves_the_own_expense",
            ),
        ),
        migrations.AddConstraint(
            model_name="expense",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("second_approver__isnull", True),
                    models.Q(
                        ("approver__isnull", False),
                        models.Q(("second_approver", models.F("submitter")), _negated=True),
                        models.Q(("second_approver", models.F("approver")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_second_approver_is_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="expense",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("payer__isnull", True), models.Q(("payer", models.F("submitter")), _negated=True), _connector="OR"
                ),
                name="nobody_pays_the_own_expense",
            ),
        ),
        migrations.AddConstraint(
            model_name="expense",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("payer__isnull", True),
                    models.Q(
                        ("approver__isnull", False),
                        models.Q(("payer", models.F("approver")), _negated=True),
                        models.Q(
                            ("second_approver__isnull", True),
                            models.Q(("payer", models.F("second_approver")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="who_approved_does_not_pay",
            ),
        ),
        migrations.AddConstraint(
            model_name="expense",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("approved", "paid")), _negated=True),
                    models.Q(
                        ("approved_at__isnull", False),
                        ("approver__isnull", False),
                        models.Q(("needs_two", False), ("second_approver__isnull", False), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="what_is_promised_was_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="expense",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("paid_at__isnull", False), ("payer__isnull", False), ("state", "paid")),
                    models.Q(
                        models.Q(("state", "paid"), _negated=True), ("paid_at__isnull", True), ("payer__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="what_is_paid_has_a_payer",
            ),
        ),
        migrations.AddConstraint(
            model_name="expense",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["returned", "refused"]), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_no_to_an_expense_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="tranche",
            constraint=models.UniqueConstraint(
                fields=("envelope", "number"), name="one_tranche_per_envelope_and_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="tranche",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gte", 1)), name="a_tranche_has_an_amount"
            ),
        ),
        migrations.AddConstraint(
            model_name="moneymove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_minor", 0),
                    ("released_minor", 0),
                    ("reserved_minor", 0),
                    ("returned_minor", 0),
                    ("spent_minor", 0),
                    _negated=True,
                ),
                name="a_movement_moves_something",
            ),
        ),
        migrations.RunPython(keep_the_ledger, let_it_go),
        migrations.RunPython(grant_what_was_promised, migrations.RunPython.noop),
    ]
