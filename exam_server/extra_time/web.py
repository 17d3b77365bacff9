"""What the pages of this feature share: their address, and whose attempt or sitting it is."""

from __future__ import annotations

from flask import Blueprint

from exam_server import auth
from exam_server.extensions import db, now
from exam_server.extra_time import attempts, sittings, words
from exam_server.extra_time.attempts import OneAttempt
from exam_server.extra_time.losses import Offer
from exam_server.extra_time.sittings import OneSitting
from exam_server.pages import language

bp = Blueprint("extra_time", __name__, url_prefix="/attempts")
WATCHERS = ("proctor", "admin")
ACCOMMODATES = "admin"


def own_attempt(public_id: str) -> OneAttempt:
    """Raises NotFound, and keeps the try, for officials who do not watch its sitting."""
    return attempts.own(db(), public_id, auth.viewer(), now())


def own_sitting(public_id: str) -> OneSitting:
    """Raises NotFound, and keeps the try, for officials who do not watch it."""
    return sittings.own(db(), public_id, auth.viewer(), now())


@bp.app_template_filter()
def spelled(seconds: int) -> str:
    """18 menit"""
    return words.spell(seconds, language())


@bp.app_template_filter()
def proven(offer: Offer) -> str:
    """12 dari 20 yang sedang mengerjakan (24 sudah memulai) tidak terdengar antara 09.14.05 dan ... WIB."""
    return words.proven(offer, language())


@bp.app_template_filter()
def granted_to(offer: Offer) -> str:
    """Beri 7 menit kepada 12 peserta"""
    return words.granted_to(offer, language())
