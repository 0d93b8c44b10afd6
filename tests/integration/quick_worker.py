"""The worker as it is, but for its clock: a message whose worker was killed comes back after two seconds."""

from vlm_page.lanes import Times
from vlm_page.worker import leave, main

if __name__ == "__main__":
    leave(main(Times(hidden_s=2, beat_s=0.4)))
