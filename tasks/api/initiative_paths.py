"""The addresses of initiatives, their money, material and certificates in JSON, a part of `tasks.urls`."""

from django.urls import path

from . import expenses, initiative_reports, initiatives, material, milestones, money, promotion, reviews

step = initiatives.InitiativeStep.as_view

initiative_paths = [
    path("initiatives/", initiatives.InitiativeList.as_view(), name="api-initiatives"),
    path("initiatives/<int:pk>/", initiatives.InitiativeDetail.as_view(), name="api-initiative"),
    path("initiatives/<int:pk>/submit/", initiatives.InitiativeStep.as_view(), name="api-initiative-submit"),
    path("initiatives/<int:pk>/withdraw/", step(step="withdraw"), name="api-initiative-withdraw"),
    path("initiatives/<int:pk>/appeal/", step(step="appeal"), name="api-initiative-appeal"),
    path("initiatives/<int:pk>/report/", initiative_reports.InitiativeReportOf.as_view(), name="api-initiative-report"),
    path("initiatives/<int:pk>/milestones/", milestones.Milestones.as_view(), name="api-milestones"),
    path("initiatives/<int:pk>/milestones/<int:milestone>/", milestones.OneMilestone.as_view(), name="api-milestone"),
    path(
        "initiatives/<int:pk>/milestones/<int:milestone>/reached/",
        milestones.ReachMilestone.as_view(),
        name="api-milestone-reached",
    ),
    path("initiatives/<int:pk>/support/", initiatives.OwnSupport.as_view(), name="api-initiative-support"),
    path("initiatives/<int:pk>/review/", reviews.InitiativeReview.as_view(), name="api-initiative-review"),
    path("initiatives/<int:pk>/money/", money.Money.as_view(), name="api-money"),
    path("initiatives/<int:pk>/money/account/", money.AccountForMoney.as_view(), name="api-money-account"),
    path("initiatives/<int:pk>/money/settle/", money.SettleMoney.as_view(), name="api-money-settle"),
    path("initiatives/<int:pk>/money/reopen/", money.SettleMoney.as_view(again=True), name="api-money-reopen"),
    path(
        "initiatives/<int:pk>/money/tranches/<int:number>/release/",
        money.ReleaseTranche.as_view(),
        name="api-tranche-release",
    ),
    path("initiatives/<int:pk>/expenses/", expenses.Expenses.as_view(), name="api-expenses"),
    path("initiatives/<int:pk>/expenses/<int:expense>/", expenses.ExpenseDetail.as_view(), name="api-expense"),
    path(
        "initiatives/<int:pk>/expenses/<int:expense>/decide/",
        expenses.ExpenseDecision.as_view(),
        name="api-expense-decide",
    ),
    path(
        "initiatives/<int:pk>/expenses/<int:expense>/withdraw/",
        expenses.ExpenseWithdrawal.as_view(),
        name="api-expense-withdraw",
    ),
    path("stock/", material.Stock.as_view(), name="api-stock"),
    path("initiatives/<int:pk>/loans/", material.Loans.as_view(), name="api-loans"),
    path("initiatives/<int:pk>/loans/<int:loan>/move/", material.LoanMove.as_view(), name="api-loan-move"),
    path("initiatives/<int:pk>/slots/", promotion.Slots.as_view(), name="api-slots"),
    path("initiatives/<int:pk>/slots/<int:slot>/move/", promotion.SlotMove.as_view(), name="api-slot-move"),
    path("endorsements/<slug:code>/", reviews.EndorsementDetail.as_view(), name="api-endorsement"),
]
