from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config.demo import mailbox
from config.demo.mailbox import Mail

SHOWN = 100


@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """Écran « Courriels de la démonstration »."""
    return render(request, "demo/mails.html", {"mails": mailbox.latest(settings.MAIL_DIR, SHOWN)})


@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """Écran « Courriel »."""
    return render(request, "demo/mail.html", {"mail": _mail_or_404(name)})


@require_safe
def mail_attachment(request: HttpRequest, name: str, index: int) -> HttpResponse:
    attachments = _mail_or_404(name).attachments
    if index >= len(attachments):
        raise Http404
    attachment = attachments[index]
    # Whatever a mail carries is downloaded, never shown: nothing of it runs on this site.
    return HttpResponse(
        attachment.content,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(attachment.name)}"},
    )


def _mail_or_404(name: str) -> Mail:
    found = mailbox.find(settings.MAIL_DIR, name)
    if found is None:
        raise Http404
    return found
