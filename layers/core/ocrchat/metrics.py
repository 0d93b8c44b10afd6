"""The table of what is counted. The code, the dashboard, the alarms and docs/metrics.md are held to it by tests.

Each combination of name and dimensions that is sent within an hour is a custom metric of CloudWatch and has a price, so
dimensions have few values: the function (`service`, which Powertools adds), and of some a tier or the code of an error;
never an id. What AWS counts by itself is not counted again: requests, 5xx, latency, errors of functions, queues.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ocrchat.errors import PageError, error_classes
from ocrchat.tiers import TIERS

Unit = Literal["Count", "Seconds", "Milliseconds", "None"]
Dimension = Literal["tier", "code"]

HTTP = ("submit", "export", "chat", "account", "payments")
READERS = ("ocr_page", "vlm_page")


@dataclass(frozen=True, slots=True)
class Metric:
    """`services`: values of POWERTOOLS_SERVICE_NAME of the functions that count it; `by`: a dimension besides."""

    name: str
    means: str
    services: tuple[str, ...]
    unit: Unit = "Count"
    by: Dimension | None = None


METRICS = {
    metric.name: metric
    for metric in (
        # requests and jobs
        Metric("Problems", "errors that were answered, by their code", HTTP, by="code"),
        Metric("JobsAccepted", "jobs", ("submit", "drop")),
        Metric("PagesAccepted", "their pages", ("submit", "drop")),
        Metric("JobsDone", "jobs that ended with a result", ("join",)),
        Metric("JobsFailed", "jobs that ended without one", ("join",)),
        Metric("JobsDeleted", "jobs that their owners deleted", ("submit",)),
        Metric("JobSeconds", "from a job's acceptance to its end", ("join",), "Seconds"),
        Metric("CreditsRefunded", "credits given back for pages that were not delivered", ("join", "submit")),
        # pages
        Metric("PageRead", "pages that got their result", READERS, by="tier"),
        Metric("PageErrors", "pages that ended with an error, by its code", (*READERS, "join"), by="code"),
        Metric("PageSeconds", "what reading, preparing or asking about a page took", READERS, "Seconds", "tier"),
        Metric("PagePrepared", "pages made ready for a model", ("ocr_page",)),
        Metric("PageDelayed", "times that a page was put off because the model was busy or away", ("vlm_page",)),
        Metric("PageFailed", "times that a reader raised what nobody foresaw", READERS),
        Metric("BatchFailed", "messages that went back to their queue", READERS),
        Metric("BatchesDead", "messages that no worker could finish", ("dead_letters",)),
        Metric("LaneFailed", "times that a worker in a container could not take a message", ("vlm_page",)),
        # the model
        Metric("ModelAnswers", "answers of the model about pages", ("vlm_page",)),
        Metric("ModelAnswersLost", "answers that came too late, and are paid all the same", ("vlm_page", "chat")),
        Metric("ModelTokensIn", "tokens of its questions", ("vlm_page",)),
        Metric("ModelTokensCached", "those of them that came from the provider's cache", ("vlm_page",)),
        Metric("ModelTokensOut", "tokens of its answers", ("vlm_page",)),
        Metric("ModelCostUsd", "what they cost, in US dollars, by the table of prices", ("vlm_page",), "None"),
        Metric("ModelMisconfigured", "times that the provider refused the key or the model", ("vlm_page", "chat")),
        Metric("ModelRefusedRequest", "times that it refused a request otherwise", ("vlm_page", "chat")),
        # downloads, the chat, accounts
        Metric("ExportsRendered", "files rendered", ("render",)),
        Metric("ExportsFailed", "renderings that raised what nobody foresaw", ("render",)),
        Metric("ExportTime", "what rendering a file took", ("render",), "Milliseconds"),
        Metric("ChatMessages", "questions answered", ("chat",)),
        Metric("ChatIndexesBuilt", "documents made ready for questions", ("chat", "index")),
        Metric("ChatIndexesDamaged", "those that could not be read and are made anew", ("chat",)),
        Metric("ChatIndexTime", "what that took", ("chat", "index"), "Milliseconds"),
        Metric("ChatTokensIn", "tokens of the chat's questions", ("chat",)),
        Metric("ChatTokensCached", "those of them that came from the provider's cache", ("chat",)),
        Metric("ChatTokensOut", "tokens of the chat's answers", ("chat",)),
        Metric("ChatCostUsd", "what they cost, in US dollars", ("chat",), "None"),
        Metric("SignInLinksSent", "mails with a link", ("account",)),
        Metric("AccountsCreated", "accounts that people made by themselves", ("account",)),
        # purchases
        Metric("PurchasesStarted", "pages to pay on that buyers were sent to", ("account",)),
        Metric("PurchasesNotStarted", "times that Stripe made none, or did not answer", ("account",)),
        Metric("PurchasesCredited", "payments that became credits", ("payments",)),
        Metric("CreditsBought", "these credits", ("payments",)),
        Metric("PaymentsFailed", "payments that were begun, and failed at the bank days later", ("payments",)),
        Metric("PaymentsNotCredited", "events of payments that no account could be given", ("payments",)),
        Metric("PurchasesRefunded", "refunds that took credits back", ("payments",)),
        Metric("PurchasesDisputed", "payments disputed with a bank, for which credits were withheld", ("payments",)),
        Metric("CreditsTakenBack", "credits that went for either", ("payments",)),
        Metric("CreditsGivenAgain", "those given again: a dispute was won, a refund failed", ("payments",)),
        # what mends
        Metric("JobsNotStarted", "jobs accepted whose execution the reconciler has to start", ("submit", "drop")),
        Metric("JobsStarted", "those that it started", ("reconcile",)),
        Metric("JobsRestarted", "jobs whose execution died, and that got another", ("reconcile",)),
        Metric("JobsEndedByReconciler", "jobs that no execution could end", ("reconcile",)),
        Metric("JobsNotMended", "jobs that the reconciler could do nothing about this time", ("reconcile",)),
        Metric("JobsAbandoned", "those of them whose pages are refunded, whatever there is of them", ("reconcile",)),
        Metric("OldestUnsettled", "for how long the oldest job that has not ended is there", ("reconcile",), "Seconds"),
        Metric("OriginalsSwept", "files that were sent, deleted when it was time", ("sweep",)),
        Metric("ResultsSwept", "jobs whose results were, with all that belongs to them", ("sweep",)),
        Metric("DeletedJobsSwept", "jobs that their owners deleted, looked through once more", ("sweep",)),
        Metric("UploadsSwept", "uploads that nobody submitted", ("sweep",)),
        Metric("ObjectsSwept", "objects of results and of deleted jobs", ("sweep",)),
        Metric("JobsNotSwept", "rows whose objects could not be deleted this time", ("sweep",)),
        Metric("OldestOverdue", "how late the latest of what was due was", ("sweep",), "Seconds"),
        Metric("OrphansDeleted", "jobs and uploads without a row that had objects", ("orphans",)),
        Metric("OrphanObjectsDeleted", "these objects", ("orphans",)),
        Metric("OrphansDoubted", "jobs without a row of which nothing was deleted: too many at once", ("orphans",)),
        Metric("LedgersAudited", "accounts whose balance was held against their ledger", ("audit",)),
        Metric("LedgersBusy", "accounts that were written all the time, and are left to the next walk", ("audit",)),
        Metric("LedgersNotAudited", "accounts that could not be read this time", ("audit",)),
        Metric("LedgerMismatches", "accounts whose balance is not the sum of their ledger", ("audit",)),
        # what is dropped into the bucket
        Metric("DropsAccepted", "dropped files that became jobs", ("drop",)),
        Metric("DropsKnown", "those whose job there was", ("drop",)),
        Metric("DropsRefused", "those that were refused", ("drop",)),
        Metric("DropsGone", "messages about files that were not there any more", ("drop",)),
        Metric("DropsFolder", "messages about folders", ("drop",)),
        Metric("DropsDelayed", "messages that have to come again", ("drop",)),
        Metric("DropsDead", "messages about drops that came too often", ("dead_drops",)),
        Metric("DeliveriesDone", "results that were brought", ("deliver",)),
        Metric("DeliveriesFailed", "jobs of which there was nothing to bring", ("deliver",)),
        Metric("DeliveriesKnown", "deliveries that had been made", ("deliver",)),
        Metric("DeliveriesSuperseded", "those whose file has been put anew", ("deliver",)),
        Metric("DeliveriesGone", "those whose job is not known any more", ("deliver",)),
        Metric("DeliveriesDelayed", "messages that have to come again", ("deliver",)),
        Metric("DeliveriesNotAnnounced", "ended jobs whose delivery waits for its other message", ("join",)),
    )
}


def dimensions_of(metric: Metric) -> set[tuple[str, ...]]:
    """Every combination of values that the metric may have, the service first. Of codes more than can come: which
    function answers which of them, its routes say."""
    if metric.by is None:
        return {(service,) for service in metric.services}
    return {(service, value) for service in metric.services for value in _values(metric, service)}


def _values(metric: Metric, service: str) -> set[str]:
    if metric.by == "tier":
        return {"vlm"} if service == "vlm_page" else set(TIERS)
    is_of_a_page = metric.name == "PageErrors"
    return {kind.code for kind in error_classes() if issubclass(kind, PageError) == is_of_a_page}
