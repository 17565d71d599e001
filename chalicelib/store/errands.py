"""Errands and webhooks in DynamoDB: every change of an errand is one conditional write."""

from collections.abc import Iterator
from dataclasses import asdict

from pynamodb.exceptions import PutError
from pynamodb.expressions.update import Action
from pynamodb.pagination import ResultIterator

from chalicelib.domain.errands import KEPT_S, Errand, ErrandKey, Kind, State, Try, Webhook
from chalicelib.store.conditional import error_code, update_if
from chalicelib.store.pages import Page, Position, read_page
from chalicelib.store.tables_errands import ErrandItem, WebhookItem

OPEN = "open"
_WEBHOOK = "webhook#"


class Errands:
    """Reads and writes of errands."""

    def create(self, errand: Errand) -> bool:
        """Write a new errand; False when it is there already."""
        item = ErrandItem(
            scope=errand.key.scope,
            item=errand.key.item,
            kind=errand.kind.value,
            owner_id=errand.owner_id,
            message_id=errand.message_id,
            began_at=errand.began_at,
            event=errand.event,
            body=errand.body or None,
            state=errand.state.value,
            next_at=errand.next_at,
            open_errand=OPEN,
            due_at=errand.due_at,
            tries=[],
            ttl=int(errand.began_at + KEPT_S),
        )
        try:
            item.save(condition=ErrandItem.scope.does_not_exist())
        except PutError as error:
            if error_code(error) != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def get(self, key: ErrandKey) -> Errand | None:
        """The errand, read consistently."""
        try:
            return _errand(ErrandItem.get(key.scope, key.item, consistent_read=True))
        except ErrandItem.DoesNotExist:
            return None

    def claim(self, key: ErrandKey, now: float, until: float) -> Errand | None:
        """Take an errand whose time has come until ``until``; None when it has ended, is not due or somebody's."""
        item = ErrandItem(key.scope, key.item)
        free = (ErrandItem.state == State.PENDING.value) & (ErrandItem.lease_until < now) & (ErrandItem.next_at <= now)
        taken = update_if(item, [ErrandItem.lease_until.set(until), ErrandItem.due_at.set(until)], free)
        return _errand(item) if taken else None

    def settle(self, errand: Errand, lease_until: float, due_at: float | None = None) -> bool:
        """Write what a try came to, if the lease that ends ``lease_until`` still holds.

        ``due_at``: when the sweeper should look at one that has ended.
        """
        actions = [
            ErrandItem.state.set(errand.state.value),
            ErrandItem.next_at.set(errand.next_at),
            ErrandItem.tries.set([asdict(one) for one in errand.tries]),
            ErrandItem.lease_until.set(0),
        ]
        if errand.state is State.PENDING or due_at is not None:
            actions.append(ErrandItem.due_at.set(errand.due_at if due_at is None else due_at))
        else:
            actions += [ErrandItem.open_errand.remove(), ErrandItem.due_at.remove()]
        return update_if(ErrandItem(errand.key.scope, errand.key.item), actions, ErrandItem.lease_until == lease_until)

    def postpone(self, errand: Errand, due_at: float) -> bool:
        """Move the sweeper's next look; False when someone else did."""
        item = ErrandItem(errand.key.scope, errand.key.item)
        return update_if(item, [ErrandItem.due_at.set(due_at)], ErrandItem.due_at == errand.due_at)

    def close(self, errand: Errand) -> None:
        """Nobody looks after an errand any more that has ended."""
        actions = [ErrandItem.open_errand.remove(), ErrandItem.due_at.remove()]
        update_if(ErrandItem(errand.key.scope, errand.key.item), actions, ErrandItem.state != State.PENDING.value)

    def due(self, now: float, limit: int) -> list[ErrandKey]:
        """At most ``limit`` errands that the sweeper should look at."""
        rows = ErrandItem.by_due.query(OPEN, ErrandItem.due_at < now, limit=limit)
        return [ErrandKey(row.scope, row.item) for row in rows]

    def page(self, scope: str, start: Position | None, limit: int) -> Page[Errand]:
        """A page of a scope's errands, newest first."""

        def query(count: int) -> ResultIterator[ErrandItem]:
            return ErrandItem.query(
                scope,
                limit=count,
                last_evaluated_key=start,
                page_size=count,
                scan_index_forward=False,
                consistent_read=True,
            )

        return read_page(query, _errand, limit)

    def forget(self, scope: str) -> None:
        """Delete all errands of a scope."""
        with ErrandItem.batch_write() as rows:
            for item in ErrandItem.query(scope, consistent_read=True, attributes_to_get=["scope", "item"]):
                rows.delete(item)


class Webhooks:
    """Reads and writes of webhooks."""

    def all(self, owner_id: str) -> Iterator[Webhook]:
        """An owner's webhooks, oldest first."""
        rows = WebhookItem.query(_owner(owner_id), WebhookItem.item.startswith(_WEBHOOK), consistent_read=True)
        return (_webhook(item) for item in rows)

    def get(self, owner_id: str, webhook_id: str) -> Webhook | None:
        """One of an owner's webhooks, read consistently."""
        try:
            return _webhook(WebhookItem.get(_owner(owner_id), _WEBHOOK + webhook_id, consistent_read=True))
        except WebhookItem.DoesNotExist:
            return None

    def create(self, webhook: Webhook) -> None:
        """Write a new webhook."""
        WebhookItem(
            _owner(webhook.owner_id),
            _WEBHOOK + webhook.webhook_id,
            url=webhook.url,
            events=list(webhook.events),
            created_at=webhook.created_at,
        ).save()

    def disable(self, webhook: Webhook, at: str) -> None:
        """Record that a webhook's server, or its owner, wants to hear no more."""
        self._update(webhook, WebhookItem.is_active.set(False), WebhookItem.disabled_at.set(at))

    def enable(self, webhook: Webhook) -> None:
        """Record that its owner wants a webhook to be told again."""
        self._update(webhook, WebhookItem.is_active.set(True), WebhookItem.disabled_at.remove())

    def _update(self, webhook: Webhook, *actions: Action) -> None:
        """Of what there is: one that is deleted stays so."""
        item = WebhookItem(_owner(webhook.owner_id), _WEBHOOK + webhook.webhook_id)
        update_if(item, list(actions), WebhookItem.url.exists())

    def delete(self, webhook: Webhook) -> None:
        """Delete a webhook."""
        WebhookItem(_owner(webhook.owner_id), _WEBHOOK + webhook.webhook_id).delete()


def _owner(owner_id: str) -> str:
    return f"user#{owner_id}"


def _errand(item: ErrandItem) -> Errand:
    return Errand(
        key=ErrandKey(item.scope, item.item),
        kind=Kind(item.kind),
        owner_id=item.owner_id,
        message_id=item.message_id,
        began_at=float(item.began_at),
        event=item.event,
        body=item.body or "",
        state=State(item.state),
        next_at=float(item.next_at),
        due_at=float(item.due_at or 0),
        tries=tuple(Try(**one) for one in item.tries),
    )


def _webhook(item: WebhookItem) -> Webhook:
    return Webhook(
        webhook_id=item.item.removeprefix(_WEBHOOK),
        owner_id=item.scope.partition("#")[2],
        url=item.url,
        events=tuple(item.events),
        created_at=item.created_at,
        is_active=bool(item.is_active),
        disabled_at=item.disabled_at,
    )
