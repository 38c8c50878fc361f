"""Addresses, in French, of the screens of the procedure."""

from django.urls import path

from workflows.actions import inspection
from workflows.views import (
    administration,
    afterlife,
    case,
    checking,
    completeness,
    conditions,
    dashboard,
    decision,
    files,
    pieces,
    work,
)
from workflows.views import inspection as visits
from workflows.views import intake as applications

urlpatterns = [
    path("", work.home, name="home"),
    # The landlord, the agent
    path("mes-demandes/", applications.ApplicationList.as_view(), name="application-list"),
    path("mes-demandes/nouvelle/", applications.StartView.as_view(), name="application-start"),
    path("mes-demandes/<int:pk>/", case.ApplicationView.as_view(), name="application"),
    path("mes-demandes/<int:pk>/piece/", pieces.ProvidePieceView.as_view(), name="application-add-piece"),
    path("demandes/<int:pk>/retrait/", afterlife.WithdrawView.as_view(), name="application-withdraw"),
    path("demandes/<int:pk>/travaux/<int:work>/", conditions.ProveWorkView.as_view(), name="application-prove-work"),
    path("demandes/<int:pk>/abandon/", applications.DiscardView.as_view(), name="application-discard"),
    path("demandes/<int:pk>/attestation/", case.AttestationView.as_view(), name="application-attest"),
    path("demandes/<int:pk>/pieces/<int:piece>/oter/", pieces.RemovePieceView.as_view(), name="application-remove-piece"),
    # The service
    path("dossiers/", work.WorklistView.as_view(), name="worklist"),
    path("dossiers/saisir/", applications.EntryView.as_view(), name="entry"),
    path("dossiers/<int:pk>/", case.CaseView.as_view(), name="case"),
    path("dossiers/<int:pk>/procedure/", case.ProcedureView.as_view(), name="case-procedure"),
    path("dossiers/<int:pk>/note/", case.NoteView.as_view(), name="case-note"),
    path("dossiers/<int:pk>/attribuer/", case.AssignView.as_view(), name="case-assign"),
    path("dossiers/<int:pk>/corriger-une-date/", case.CorrectionView.as_view(), name="case-correct-date"),
    path("dossiers/<int:pk>/arrete-de-police/", case.PoliceOrderView.as_view(), name="case-police-order"),
    path("dossiers/<int:pk>/verifier/", checking.CheckView.as_view(), name="case-check"),
    path("dossiers/<int:pk>/verifier/ademe/", checking.LookUpView.as_view(), name="case-look-up"),
    path("dossiers/<int:pk>/verifier/<slug:slug>/", checking.VerdictView.as_view(), name="case-verdict"),
    path("dossiers/<int:pk>/verifier/<slug:slug>/annuler/", checking.UndoView.as_view(), name="case-verdict-undo"),
    path("dossiers/<int:pk>/ajouter-une-piece/", completeness.AddPieceView.as_view(), name="case-add-piece"),
    path("dossiers/<int:pk>/demander-des-pieces/", checking.RequestView.as_view(), name="case-request"),
    path(
        "dossiers/<int:pk>/demander-des-pieces-facultatives/",
        checking.RequestOptionalView.as_view(),
        name="case-request-optional",
    ),
    path("dossiers/<int:pk>/relancer/", completeness.RemindView.as_view(), name="case-remind"),
    path("dossiers/<int:pk>/classer/", completeness.CloseView.as_view(), name="case-close"),
    path("dossiers/<int:pk>/hors-champ/", completeness.OutOfScopeView.as_view(), name="case-out-of-scope"),
    path("dossiers/<int:pk>/visite/", visits.PlanVisitView.as_view(), name="case-plan-visit"),
    path("dossiers/<int:pk>/sans-visite/", visits.WaiveVisitView.as_view(), name="case-waive-visit"),
    path("dossiers/<int:pk>/decision/", decision.DraftDecisionView.as_view(), name="case-draft"),
    path("dossiers/<int:pk>/signer/", decision.SignView.as_view(), name="case-sign"),
    path("dossiers/<int:pk>/renvoyer/", decision.SendBackView.as_view(), name="case-send-back"),
    path("dossiers/<int:pk>/signature-papier/", decision.SignOutsideView.as_view(), name="case-sign-outside"),
    path("dossiers/<int:pk>/notifier/", decision.NotifyView.as_view(), name="case-notify"),
    path("dossiers/<int:pk>/travaux/", visits.WorksView.as_view(), name="case-works"),
    path("dossiers/<int:pk>/lever/", decision.LiftView.as_view(), name="case-lift"),
    path("dossiers/<int:pk>/retirer/", decision.RevokeView.as_view(), name="case-revoke"),
    path("visites/", visits.VisitDayView.as_view(), name="visit-day"),
    path("visites/<int:pk>/compte-rendu/", visits.ReportView.as_view(), name="visit-report"),
    path("visites/<int:pk>/absence/", visits.VisitFailedView.as_view(), name="visit-no-show"),
    path(
        "visites/<int:pk>/acces-refuse/",
        visits.VisitFailedView.as_view(
            action=inspection.record_access_refused,
            success_message="Le refus d’accès est constaté, le bailleur en est averti. Le délai court toujours.",
        ),
        name="visit-access-refused",
    ),
    path(
        "visites/<int:pk>/annuler/",
        visits.VisitFailedView.as_view(
            action=inspection.cancel_visit, success_message="Le rendez-vous est annulé, le bailleur en est averti."
        ),
        name="visit-cancel",
    ),
    path("a-signer/", decision.SignatureListView.as_view(), name="signature-list"),
    path("tableau-de-bord/", dashboard.DashboardView.as_view(), name="dashboard"),
    path("tableau-de-bord/<str:insee>/", dashboard.CommuneDashboardView.as_view(), name="dashboard-commune"),
    # Settings
    path("reglages/", administration.SettingsView.as_view(), name="settings"),
    path("reglages/fichiers/", administration.FilesSettingsView.as_view(), name="settings-files"),
    path("reglages/collectivite/", administration.AuthorityView.as_view(), name="settings-authority"),
    path("reglages/perimetres/nouveau/", administration.ZoneView.as_view(), name="zone-create"),
    path("reglages/perimetres/<int:pk>/", administration.ZoneView.as_view(), name="zone"),
    path("reglages/delegations/nouvelle/", administration.DelegationView.as_view(), name="delegation-create"),
    path("reglages/delegations/<int:pk>/", administration.DelegationView.as_view(), name="delegation"),
    path("reglages/comptes/nouveau/", administration.MemberView.as_view(), name="member-add"),
    path("reglages/comptes/<int:pk>/oter/", administration.RemoveMemberView.as_view(), name="member-remove"),
    # Files and acts
    path("fichiers/<int:pk>/", files.FileView.as_view(), name="file"),
    path("fichiers/<int:pk>/page/<int:page>/", files.FilePageView.as_view(), name="file-page"),
    path("demandes/<int:pk>/fichiers/", files.AnnounceView.as_view(), name="upload"),
    path("demandes/<int:pk>/fichiers/<int:file>/", files.AnnouncedView.as_view(), name="upload-done"),
    path("demandes/<int:pk>/fichiers/<int:file>/abandonner/", pieces.ForgetFileView.as_view(), name="upload-forget"),
    path("demandes/<int:pk>/fichiers/<int:file>/pages/", pieces.FilePagesView.as_view(), name="file-pages"),
    path("demandes/<int:pk>/reprendre/", pieces.ReuseView.as_view(), name="application-reuse"),
    path("demandes/<int:pk>/pieces/<int:piece>/", pieces.DescribePieceView.as_view(), name="piece-facts"),
    path("actes/<int:pk>/", case.ActView.as_view(), name="act"),
    path("actes/<int:pk>/page/<int:page>/", case.ActPageView.as_view(), name="act-page"),
    # Last: any other word is a step of the application
    path("demandes/<int:pk>/<slug:step>/", applications.step, name="application-step"),
]
