from __future__ import annotations

import threading
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.utils import timezone

from jobs import tasks
from jobs.models import Job
from jobs.operations import jobs
from jobs.operations.jobs import (
    JobEnded,
    JobTaken,
    Step,
    request_job,
    resume_job,
    run_job,
    stop_job,
    take_over_job,
)
from kernel.refusals import Refusal
from tenancy.context import NoTenant, tenant_active
from tenancy.models import Tenant
from tests.jobs import effects


def _request(tenant, to=5, **params) -> Job:
    with tenant_active(tenant):
        return request_job("test.count", {"to": to, **params})


def _run(tenant, job, **more) -> str:
    return run_job(tenant_id=tenant.id, job_id=job.id, **more)


def _seen(tenant, job) -> Job:
    with tenant_active(tenant):
        return Job.objects.get(id=job.id)


def _counted(tenant) -> dict[str, int]:
    with tenant_active(tenant):
        return effects.count()


def _once(numbers) -> dict[str, int]:
    return {str(one): 1 for one in numbers}


def _set(tenant, job, **values) -> None:
    with tenant_active(tenant):
        Job.objects.filter(id=job.id).update(**values)


def test_a_job_ends_with_its_progress_and_result(tenant):
    job = _request(tenant)
    assert _run(tenant, job) == "done"
    seen = _seen(tenant, job)
    assert (seen.done, seen.total, seen.message, seen.result) == (5, 5, "counted 4", {"last": 4})
    assert seen.started_at <= seen.ended_at
    assert seen.leased_until is None
    assert _run(tenant, job) == "taken"
    assert _counted(tenant) == _once(range(5))


def test_a_job_goes_back_into_the_queue_after_its_steps(tenant):
    job = _request(tenant)
    assert _run(tenant, job, max_steps=2) == "queued"
    assert _counted(tenant) == _once(range(2))
    assert _run(tenant, job) == "done"
    assert _counted(tenant) == _once(range(5))


def test_a_job_is_taken_over_before_its_lease_ends_but_not_during_a_step(tenant):
    job = _request(tenant)
    _run(tenant, job, max_steps=2)
    _set(tenant, job, state="running", leased_until=timezone.now() + timedelta(minutes=2))
    held = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with tenant_active(tenant):
                assert jobs._held(job.id)
                held[0].set()
                held[1].wait(10)
        finally:
            connections.close_all()

    step = threading.Thread(target=hold)
    step.start()
    assert held[0].wait(10)
    with tenant_active(tenant):
        assert not take_over_job(job)
    held[1].set()
    step.join(10)
    assert _run(tenant, job) == "taken"
    with tenant_active(tenant):
        assert take_over_job(job)
    assert _run(tenant, job) == "done"
    assert _counted(tenant) == _once(range(5))


def test_a_job_is_stopped_after_its_step_and_goes_on_where_it_was(tenant, monkeypatch):
    job = _request(tenant)

    def stopped_inside(number: str, at) -> None:
        happen(number, at)
        if number == "2":
            stopper = threading.Thread(target=_stop_from_outside, args=(tenant, job))
            stopper.start()
            stopper.join(5)
            assert not stopper.is_alive(), "who asks to stop waits for the step"

    happen = effects._happen
    monkeypatch.setattr(effects, "_happen", stopped_inside)
    assert _run(tenant, job) == "stopped"
    assert _seen(tenant, job).done == 3
    assert _run(tenant, job) == "taken"
    monkeypatch.undo()
    with tenant_active(tenant):
        resume_job(job)
    assert _run(tenant, job) == "done"
    assert _counted(tenant) == _once(range(5))


def _stop_from_outside(tenant, job) -> None:
    with tenant_active(tenant):
        stop_job(job)
    connections.close_all()


def test_a_job_that_has_not_begun_stops_at_once(tenant):
    job = _request(tenant)
    with tenant_active(tenant):
        stop_job(job)
    assert _seen(tenant, job).state == Job.State.STOPPED
    with tenant_active(tenant), pytest.raises(JobEnded):
        stop_job(job)


def test_a_running_job_cannot_be_resumed(tenant):
    job = _request(tenant)
    with tenant_active(tenant), pytest.raises(JobEnded):
        resume_job(job)


def test_a_job_that_fails_is_tried_again_and_then_given_up(tenant):
    with tenant_active(tenant):
        job = request_job("test.fail", {})
    states = [_run(tenant, job) for _ in range(jobs.MAX_ATTEMPTS)]
    assert states == ["queued"] * (jobs.MAX_ATTEMPTS - 1) + ["failed"]
    assert _seen(tenant, job).message == "Poison: no luck"
    assert _counted(tenant) == {}, "a failed step leaves nothing"
    with tenant_active(tenant):
        resume_job(job)
    assert _run(tenant, job) == "queued"


def test_a_refusal_ends_a_job_at_once(tenant, monkeypatch):
    def refuse(job: Job) -> Step:
        raise Refusal("no")

    monkeypatch.setitem(jobs._workers, "test.count", refuse)
    assert _run(tenant, _request(tenant)) == "failed"


def test_a_job_whose_worker_always_dies_is_given_up(tenant):
    job = _request(tenant)
    _set(tenant, job, state=Job.State.RUNNING, attempts=jobs.MAX_ATTEMPTS, leased_until=timezone.now())
    assert _run(tenant, job) == "taken"
    seen = _seen(tenant, job)
    assert (seen.state, seen.message) == ("failed", "The worker died 5 times at one step.")


def test_a_lease_keeps_others_away_until_it_expires(tenant):
    job = _request(tenant)
    _set(tenant, job, state=Job.State.RUNNING, leased_until=timezone.now() + timedelta(minutes=1))
    assert _run(tenant, job) == "taken"
    with tenant_active(tenant):
        assert jobs.unfinished(timezone.now()) == []
        assert jobs.unfinished(timezone.now() + timedelta(minutes=2)) == [job.id]
    _set(tenant, job, leased_until=timezone.now())
    assert _run(tenant, job) == "done"


def test_a_step_longer_than_its_lease_is_not_done_twice(tenant, monkeypatch):
    job = _request(tenant)

    def lease_runs_out(number: str, at) -> None:
        happen(number, at)
        _set_outside(tenant, job)
        assert _run_outside(tenant, job) == "taken"

    happen = effects._happen
    monkeypatch.setattr(effects, "_happen", lease_runs_out)
    assert _run(tenant, job) == "done"
    assert _counted(tenant) == _once(range(5))


def _outside(work) -> list:
    found: list = []

    def run() -> None:
        found.append(work())
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)
    return found


def _set_outside(tenant, job) -> None:
    _outside(lambda: _set(tenant, job, leased_until=timezone.now() - timedelta(minutes=1)))


def _run_outside(tenant, job) -> str:
    return _outside(lambda: _run(tenant, job))[0]


def test_a_job_ended_under_a_step_takes_the_steps_effects_back(tenant, monkeypatch):
    job = _request(tenant)

    def ended_inside(number: str, at) -> None:
        happen(number, at)
        _outside(lambda: _set(tenant, job, state=Job.State.FAILED))

    happen = effects._happen
    monkeypatch.setattr(effects, "_happen", ended_inside)
    assert _run(tenant, job) == "failed"
    assert _counted(tenant) == {}
    assert issubclass(JobTaken, RuntimeError)


def test_a_long_job_lets_others_pass(tenant):
    job = _request(tenant)
    assert _run(tenant, job, max_duration=timedelta(0)) == "queued"
    assert _run(tenant, job) == "done"
    assert _counted(tenant) == _once(range(5))


def _naive_request(period: str) -> None:
    """A look first, and no key that the database guards."""
    if not Job.objects.filter(kind="test.naive", params={"period": period}).exists():
        gate.wait(5)
        request_job("test.naive", {"period": period})


gate = threading.Barrier(8)


@pytest.mark.parametrize(
    ("ask", "kind", "requested"),
    [
        (lambda: request_job("test.count", {"to": 3}, period="2026-10"), "test.count", 1),
        (lambda: _naive_request("2026-10"), "test.naive", 8),
    ],
    ids=["by the key of kind and period", "naive"],
)
def test_eight_schedulers_ask_for_one_period_at_once(tenant, ask, kind, requested):
    answers: list[UUID] = []
    start = threading.Barrier(8)

    def scheduler() -> None:
        start.wait()
        with tenant_active(tenant):
            job = ask()
            answers.append(job.id if job else uuid4())
        connections.close_all()

    threads = [threading.Thread(target=scheduler) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with tenant_active(tenant):
        assert Job.objects.filter(kind=kind).count() == requested
    assert len(answers) == 8
    assert len(set(answers)) == requested


@pytest.mark.parametrize(
    "task", [tasks.run_job, tasks.deliver_message, effects.plain_effect], ids=lambda t: t.name
)
@pytest.mark.parametrize("tenant_id", [None, "", "nonsense", "01890000-0000-7000-8000-000000000000"])
def test_a_task_without_a_known_tenant_refuses(committed, task, tenant_id):
    ids = {"job_id": str(uuid4()), "message_id": str(uuid4()), "number": "1"}
    wanted = {"jobs.run_job": "job_id", "jobs.deliver_message": "message_id"}.get(task.name, "number")
    with pytest.raises(NoTenant):
        task(tenant_id=tenant_id, **{wanted: ids[wanted]})


def test_a_task_of_a_closed_tenant_refuses(tenant):
    Tenant.objects.using("owner").filter(id=tenant.id).update(is_open=False)
    try:
        with pytest.raises(NoTenant):
            effects.plain_effect(tenant_id=str(tenant.id), number="1")
    finally:
        Tenant.objects.using("owner").filter(id=tenant.id).update(is_open=True)
        connections["owner"].close()


def test_another_tenants_job_is_not_there(tenant):
    job = _request(tenant)
    bolt = Tenant.objects.get(slug="bolt")
    assert run_job(tenant_id=bolt.id, job_id=job.id) == "taken"
    assert _counted(tenant) == {}


def test_every_kind_of_job_and_every_topic_is_known_to_a_worker():
    """What registers outside of what a worker imports would never run."""
    import pkgutil
    import re
    from importlib import import_module
    from pathlib import Path

    from django.conf import settings

    from jobs.operations import outbox
    from jobs.operations.loading import load_tasks

    load_tasks()
    known = (set(jobs._workers), set(outbox._handlers))
    for room in settings.ROOMS:
        for module in pkgutil.walk_packages([str(Path(settings.BASE_DIR) / room)], f"{room}."):
            if re.match(rf"{room}\.(operations|tasks)", module.name):
                import_module(module.name)
    assert (set(jobs._workers), set(outbox._handlers)) == known
