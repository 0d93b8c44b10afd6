"""What a worker of this tier is made of, wherever it runs: in Lambda (`handler.py`) or beside a GPU (`worker.py`)."""

from __future__ import annotations

import time
from dataclasses import dataclass

from ocrchat import observe, wiring
from ocrchat.errors import ModelFailed
from ocrchat.jobs import Job, is_current
from ocrchat.limits import LIMITS
from ocrchat.llm.port import Model, ModelBusy, ModelRejected
from ocrchat.llm.settings import ModelSettingsInvalid
from ocrchat.page_worker import PageDelayed, PageMessage, PageWorker
from ocrchat.pages import PageResult
from ocrchat.store.bucket import Bucket
from ocrchat.store.jobs_table import JobsTable

from .asked import Asked
from .page import read_prepared


def preload() -> None:
    """Imports what is imported when it is first needed: the SDK takes half a second, Pillow finds its plugins."""
    import anthropic  # noqa: F401
    from PIL import Image

    Image.preinit()


def page_worker() -> PageWorker:
    """Raises ModelSettingsInvalid where no model, or none that there can be, is set."""
    model = wiring.model()
    if model is None:
        raise ModelSettingsInvalid("MODEL_NAME and MODEL_PROVIDER say which model is asked, and none is named")
    reader = ModelReader(wiring.jobs_table(), wiring.bucket(), model)
    return PageWorker(wiring.jobs_table(), wiring.bucket(), wiring.workflow(), wiring.queues(), reader.read, step="ask")


@dataclass(frozen=True, slots=True)
class ModelReader:
    jobs: JobsTable
    bucket: Bucket
    model: Model

    def read(self, message: PageMessage, job: Job, index: int) -> PageResult:
        """Raises PageError, and PageDelayed while the model is busy. A page of a job that has ended meanwhile is not
        asked about again."""
        prepared = self.bucket.get_prepared(job.uuid, index)
        task = message.task(job, index)
        asked = Asked(self.model, lambda: is_current(self.jobs.get(message.job), message.attempt))
        try:
            return read_prepared(prepared, task, asked, time.monotonic() + LIMITS.model_page_s)
        except ModelBusy as busy:
            if busy.timed_out:
                observe.count("ModelAnswersLost")
            raise PageDelayed(str(busy), busy.retry_after, tried=busy.timed_out) from busy
        except ModelRejected as rejected:
            observe.logger().exception("the model's server refused")
            observe.count("ModelMisconfigured" if rejected.is_configuration else "ModelRefusedRequest")
            raise ModelFailed from rejected
        finally:
            asked.report(index)
