"""Setting calendar feeds up, giving them another address, and taking them away."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, cast

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.db import connections, router, transaction
from django.utils.translation import gettext as _

from django_report_scheduling.access.roles import accounts_visible_to
from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.conf import conf
from django_report_scheduling.exceptions import LimitReached, NotPermitted, WrongState
from django_report_scheduling.models import AbstractAccount, CalendarFeed
from django_report_scheduling.services.audit import record
from django_report_scheduling.services.authority import require_administrator, require_manager
from django_report_scheduling.services.calendar_feeds.availability import require_calendars
from django_report_scheduling.services.schedule_limit import lock_account


def create_calendar_feed(*, account_id: Any, actor: AbstractUser, now: dt.datetime) -> CalendarFeed:
    """Set up somebody's own feed of an account whose reports they may see, or of all such accounts.

    What it shows is asked anew each time, as its owner. Its address is :func:`calendar_url`.

    :param account_id: ``None`` for all accounts, those to come included.
    :param actor: becomes the owner.
    :raises Account.DoesNotExist: there is no such account.
    :raises NotPermitted: the actor may not see the account's reports, or those of any account.
    :raises LimitReached: they have ``MAX_CALENDAR_FEEDS_PER_USER`` already.
    :raises WrongState: they have one of this account, or of all, already; the account is inactive; or this site has no
        calendar feeds.
    """
    require_calendars()
    with transaction.atomic(using=router.db_for_write(CalendarFeed)):
        account = None if account_id is None else lock_account(account_id)
        owner = _hold_person(actor)
        _require_visible(owner, account)
        _require_room(owner, account)
        feed = CalendarFeed(owner=cast("Any", owner), account=cast("Any", account))
        feed.save(force_insert=True)
        record("calendar_feed.created", feed, at=now, actor=actor)
    return feed


def renew_calendar_feed(*, feed_id: Any, actor: AbstractUser | None, now: dt.datetime) -> CalendarFeed:
    """Give a feed another address; the one before is of no use from now on.

    :raises CalendarFeed.DoesNotExist: there is no such feed.
    :raises NotPermitted: it is somebody else's.
    """
    with transaction.atomic(using=router.db_for_write(CalendarFeed)):
        feed = CalendarFeed.objects.locked().select_related("account").get(pk=feed_id)
        if actor is not None and actor.pk != feed.owner_id:
            raise NotPermitted(_("You may not do this: the calendar feed is somebody else's."))
        feed.nonce = uuid.uuid4()
        feed.save(update_fields=["nonce", "updated_at"])
        record("calendar_feed.renewed", feed, at=now, actor=actor)
    return feed


def delete_calendar_feed(*, feed_id: Any, actor: AbstractUser | None, now: dt.datetime) -> None:
    """Delete a feed; its address is of no use from now on.

    :raises CalendarFeed.DoesNotExist: there is no such feed.
    :raises NotPermitted: it is somebody else's, and the actor does not manage its account; one of all accounts takes
        an administrator.
    """
    with transaction.atomic(using=router.db_for_write(CalendarFeed)):
        feed = CalendarFeed.objects.select_for_update().get(pk=feed_id)
        if actor is not None and actor.pk != feed.owner_id:
            _require_say(actor, feed)
        record("calendar_feed.deleted", feed, at=now, actor=actor)
        feed.delete()


def _require_say(actor: AbstractUser, feed: CalendarFeed) -> None:
    if feed.account_id is None:
        require_administrator(actor)
    else:
        require_manager(actor, feed.account_id)


def _hold_person(actor: AbstractUser) -> AbstractUser:
    """Lock the row of a person, so that what they ask for at once is counted one after the other; read it anew."""
    model = get_user_model()
    people = model._default_manager.using(router.db_for_write(model))
    no_key = connections[people.db].features.has_select_for_no_key_update
    try:
        return people.select_for_update(no_key=no_key).get(pk=actor.pk)
    except model.DoesNotExist as error:
        raise NotPermitted from error


def _require_visible(owner: AbstractUser, account: AbstractAccount | None) -> None:
    accounts = accounts_visible_to(owner).using(router.db_for_write(get_account_model()))
    if not (accounts if account is None else accounts.filter(pk=account.pk)).exists():
        raise NotPermitted(_("You may not do this: there are no reports that you may see."))
    if account is not None and not account.active:
        raise WrongState(
            _("The account “%(account)s” is inactive: nothing runs for it. Activate it first.")
            % {"account": account.name}
        )


def _require_room(owner: AbstractUser, account: AbstractAccount | None) -> None:
    limit = conf.MAX_CALENDAR_FEEDS_PER_USER
    kept = list(CalendarFeed.objects.fresh().filter(owner=owner.pk).values_list("account_id", flat=True))
    if (account and account.pk) in kept:
        raise WrongState(_("You have this calendar feed already. Renew it for another address, or delete it first."))
    if len(kept) >= limit:
        raise LimitReached(
            _("You already have %(limit)d calendar feeds, the most that one person may have. Delete one first.")
            % {"limit": limit}
        )
