"""Addresses of the pages beside the work list, and of those about procedures, for who looks after what they say."""

from django.urls import path

from motcua.desk.views import (
    asking,
    beginning,
    bulk,
    consulting,
    drafts,
    drift,
    exempting,
    filtering,
    guides,
    identity,
    imported,
    incoming,
    keys,
    lists,
    outgoing,
    parts,
    planning,
    polls,
    previews,
    questions,
    readiness,
    reorganisations,
    results,
    steps,
    substitutions,
    transitions,
)

LIST = [
    path("desk/identity/", identity.confirm, name="identity"),
    path("desk/dossiers/<uuid:pk>/result/", results.show, name="result"),
    path("desk/dossiers/<uuid:pk>/result/<int:number>.pdf", results.paper, name="result_paper"),
    path("desk/dossiers/<uuid:pk>/result/<int:number>/initial/", results.initial, name="initial"),
    path("desk/questions/", consulting.index, name="asked"),
    path("desk/questions/<uuid:pk>/", consulting.show, name="asked_one"),
    path("desk/questions/<uuid:pk>/papers/<int:number>/", consulting.paper, name="asked_paper"),
    path("desk/dossiers/<uuid:pk>/ask/", consulting.ask, name="ask"),
    path("desk/dossiers/<uuid:pk>/opinions/<uuid:inquiry>/", consulting.letter, name="opinion_file"),
    path("desk/notices/", substitutions.inbox, name="inbox"),
    path("desk/notices/<uuid:pk>/open/", substitutions.open_notice, name="notice"),
    path("desk/substitutions/", substitutions.show, name="substitutions"),
    path("desk/substitutions/<int:pk>/end/", substitutions.end, name="end_substitution"),
    path("desk/keys/", keys.show, name="keys"),
    path("desk/help/", guides.show, name="help"),
    path("desk/help/<slug:name>/", guides.show, name="guide"),
    path("desk/filter/", filtering.choose, name="filter"),
    path("desk/filters/", filtering.save, name="save_filter"),
    path("desk/filters/<int:pk>/delete/", filtering.drop, name="drop_filter"),
    path("desk/bulk/", bulk.show, name="bulk"),
    path("desk/bulk/done/", bulk.result, name="bulk_done"),
    path("desk/bulk/receipts.pdf", bulk.print_receipts, name="print_receipts"),
    path("desk/bulk/<slug:verb>/", bulk.show, name="bulk_of"),
]

PROCEDURES = [
    path("desk/procedures/", drafts.index, name="procedures"),
    path("desk/procedures/new/", beginning.new, name="new_procedure"),
    path("desk/lists/", lists.index, name="lists"),
    path("desk/lists/compare/", lists.compare, name="compare_value"),
    path("desk/procedures/<str:code>/", drafts.versions, name="versions"),
    path("desk/procedures/<str:code>/polls/", polls.index, name="polls"),
    path("desk/polls/<uuid:pk>/count/", polls.count, name="count_poll"),
    path("desk/procedures/<str:code>/revise/", drafts.revise, name="revise"),
    path("desk/procedures/<str:code>/files/<int:pk>/", drafts.file, name="file"),
    path("desk/procedures/<str:code>/compare/<int:old>/<int:new>/", drafts.compare, name="compare"),
    path("desk/drafts/<uuid:pk>/", drafts.show, name="draft"),
    path("desk/drafts/<uuid:pk>/write/", drafts.write, name="write"),
    path("desk/drafts/<uuid:pk>/questions/", questions.index, name="questions"),
    path("desk/drafts/<uuid:pk>/questions/arrange/", questions.arrange, name="arrange"),
    path("desk/drafts/<uuid:pk>/pages/add/", questions.add_page, name="add_page"),
    path("desk/drafts/<uuid:pk>/pages/shared/", asking.take_in, name="take_in"),
    path("desk/drafts/<uuid:pk>/pages/<slug:group>/when/", asking.page, name="page_when"),
    path("desk/drafts/<uuid:pk>/questions/<slug:field>/<slug:about>/", asking.question, name="asked_about"),
    path("desk/drafts/<uuid:pk>/signature/", questions.sign, name="asked_signature"),
    path("desk/drafts/<uuid:pk>/pages/<slug:group>/", questions.page, name="asked_page"),
    path("desk/drafts/<uuid:pk>/pages/<slug:group>/add/", questions.add_question, name="add_question"),
    path("desk/drafts/<uuid:pk>/questions/<slug:field>/", questions.question, name="asked_question"),
    path("desk/drafts/<uuid:pk>/settle/", parts.settle, name="settle"),
    path("desk/drafts/<uuid:pk>/facts/", parts.facts, name="facts"),
    path("desk/drafts/<uuid:pk>/papers/", parts.papers, name="draft_papers"),
    path("desk/drafts/<uuid:pk>/papers/arrange/", parts.arrange_papers, name="arrange_papers"),
    path("desk/drafts/<uuid:pk>/papers/add/", parts.add_paper, name="add_asked_paper"),
    path("desk/drafts/<uuid:pk>/papers/<slug:id_>/edit/", parts.paper, name="asked_paper_of"),
    path("desk/drafts/<uuid:pk>/ways/", parts.ways, name="ways"),
    path("desk/drafts/<uuid:pk>/exemptions/", exempting.index, name="exemptions"),
    path("desk/drafts/<uuid:pk>/exemptions/arrange/", exempting.arrange, name="arrange_exemptions"),
    path("desk/drafts/<uuid:pk>/exemptions/add/", exempting.add, name="add_exemption"),
    path("desk/drafts/<uuid:pk>/exemptions/<slug:id_>/edit/", exempting.exemption, name="exemption"),
    path("desk/drafts/<uuid:pk>/steps/", steps.index, name="steps"),
    path("desk/drafts/<uuid:pk>/steps/add/", steps.add, name="add_step"),
    path("desk/drafts/<uuid:pk>/steps/<str:key>/within/", steps.index, name="steps_within"),
    path("desk/drafts/<uuid:pk>/steps/<str:key>/within/add/", steps.add, name="add_step_within"),
    path("desk/drafts/<uuid:pk>/steps/<str:key>/edit/", steps.step, name="asked_step"),
    path("desk/drafts/<uuid:pk>/steps/<str:key>/out/", steps.remove, name="remove_step"),
    path("desk/drafts/<uuid:pk>/preview/", previews.look, name="preview"),
    path("desk/drafts/<uuid:pk>/preview/form/", previews.tried, name="tried"),
    path("desk/drafts/<uuid:pk>/file/", drafts.download, name="download"),
    *(
        path(f"desk/drafts/<uuid:pk>/{verb}/", drafts.decide, {"verb": verb}, name=f"draft_{verb}")
        for verb in drafts.ACTS
    ),
    path("desk/drift/", drift.index, name="drift"),
    path("desk/drift/<str:code>/set/", drift.localise, name="localise"),
    path("desk/drift/<uuid:pk>/end/", drift.restore, name="restore"),
    path("desk/imported/", imported.index, name="imported"),
    path("desk/readiness/", readiness.index, name="readiness"),
    path("desk/readiness/<str:code>/", readiness.show, name="readiness_of"),
]

REORGANISATIONS = [
    path("desk/reorganisations/", reorganisations.index, name="reorganisations"),
    path("desk/reorganisations/new/", reorganisations.begin, name="begin_reorganisation"),
    path("desk/reorganisations/begin/", planning.begin, name="plan_reorganisation"),
    path("desk/reorganisations/<uuid:pk>/parts/<str:at>/", planning.part, name="reorganisation_part"),
    path("desk/reorganisations/<uuid:pk>/parts/<str:at>/out/", planning.out, name="reorganisation_out"),
    path("desk/reorganisations/<uuid:pk>/", reorganisations.show, name="reorganisation"),
    path("desk/reorganisations/<uuid:pk>/write/", reorganisations.write, name="rewrite"),
    path("desk/reorganisations/<uuid:pk>/file/", reorganisations.file, name="reorganisation_file"),
    *(
        path(
            f"desk/reorganisations/<uuid:pk>/{verb}/",
            reorganisations.decide,
            {"verb": verb},
            name=f"reorganisation_{verb}",
        )
        for verb in reorganisations.ACTS
    ),
]

TRANSITIONS = [
    path("desk/transitions/", transitions.index, name="transitions"),
    path("desk/transitions/<uuid:pk>/", transitions.show, name="transition"),
    *(
        path(
            f"desk/transitions/<uuid:pk>/{verb}/",
            transitions.decide,
            {"verb": verb},
            name=f"transition_{verb}",
        )
        for verb in ("agree", "drop")
    ),
]

DISPATCHES = [
    path("desk/incoming/", incoming.index, name="incoming"),
    path("desk/incoming/<uuid:pk>/", incoming.show, name="incoming_one"),
    path("desk/incoming/<uuid:pk>/files/<int:number>/", incoming.file, name="incoming_file"),
    path("desk/incoming/<uuid:pk>/<slug:verb>/", incoming.decide, name="decide_incoming"),
    path("desk/outgoing/", outgoing.index, name="outgoing"),
    path("desk/outgoing/write/", outgoing.write, name="write_document"),
    path("desk/outgoing/numbering/", outgoing.numbering, name="numbering"),
    path("desk/outgoing/<uuid:pk>/", outgoing.show, name="outgoing_one"),
    path("desk/outgoing/<uuid:pk>/files/<int:number>/", outgoing.file, name="outgoing_file"),
    path("desk/outgoing/<uuid:pk>/<slug:verb>/", outgoing.decide, name="decide_outgoing"),
]
