"""What a device takes along for reviewing without a network, and the ratings that it brings back."""

import json
import math

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from prepsite.lib.requests import LearnerRequest
from quizzes import offline
from quizzes.reviewing import StaleCard
from quizzes.scheduling import StudyClock


@login_required
@require_safe
@never_cache
def cards(request: LearnerRequest) -> HttpResponse:
    """Cards and guides, with the name of this deployment: a device that has another one's starts over."""
    taken = offline.cards_to_take(request.user, timezone.now(), _clock(request))
    told = {
        "release": import_string(settings.RELEASE)(),
        "cards": [
            {
                "flashcard": str(one.flashcard.uuid),
                "version": one.version,
                "opens": round(one.opens.timestamp() * 1000),
                "topic": one.flashcard.topic.title if one.flashcard.topic else one.flashcard.pile,
                "front": one.flashcard.front_html,
                "back": one.flashcard.back_html,
            }
            for one in taken
        ],
        "media": offline.media_to_take(request.user, taken),
        "guides": [
            {"url": guide.get_absolute_url(), "title": guide.title, "version": guide.version}
            for guide in offline.guides_to_take()
        ],
    }
    return JsonResponse(told)


@login_required
@require_POST
@never_cache
def ratings(request: LearnerRequest) -> HttpResponse:
    """Takes ratings in and says of each what became of it; sent again, they count once."""
    try:
        told = json.loads(request.body)
        sent_at, given = float(told["sent_at"]), told["ratings"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"why": "These ratings could not be read. They stay on the device."}, status=400)
    if not isinstance(given, list) or len(given) > offline.MOST_AT_ONCE or not math.isfinite(sent_at):
        why = f"At most {offline.MOST_AT_ONCE} ratings are taken in at once. They stay on the device."
        return JsonResponse({"why": why}, status=400)
    try:
        answers = offline.take_in(request.user, given, sent_at, timezone.now(), _clock(request))
    except StaleCard:
        return JsonResponse({"why": "Another device is reviewing just now. They stay on this device."}, status=409)
    return JsonResponse({"results": [{"id": one.id, "result": one.result, "why": one.why} for one in answers]})


def _clock(request: LearnerRequest) -> StudyClock:
    return StudyClock(request.user.zone, request.user.day_start_hour)
