"""The preview of the admin: Markdown in, what readers will see out, by the site's own renderer."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from prepsite.lib import burden, markdown
from quizzes.content import cloze


@login_required
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """POST source, and gaps=1 where {{…}} marks gaps; {"html", "problems": [{"line", "message"}]}. Staff alone."""
    if not request.user.is_staff:
        raise PermissionDenied
    source = request.POST.get("source", "").replace("\r\n", "\n")
    if len(source) > burden.LONGEST:
        message = f"The text is longer than {burden.LONGEST:,} characters and is not shown."
        return JsonResponse({"html": "", "problems": [{"line": 0, "message": message}]})
    if request.POST.get("gaps"):
        rendered = markdown.render(cloze.with_stand_ins(source))
        answers = [markdown.inline(" | ".join(accepted)).html for accepted in cloze.gaps(source)]
        html = cloze.filled(rendered.html, lambda number: f'<mark class="gap">{answers[number]}</mark>')
    else:
        rendered = markdown.render(source)
        html = rendered.html
    problems = [{"line": line, "message": message} for line, message in rendered.problems]
    return JsonResponse({"html": html, "problems": problems})
