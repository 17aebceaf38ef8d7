"""Adds up the activity of hours that are over."""

from application.ports.activity import ScriptActivity


async def sum_up_activity(activity: ScriptActivity) -> None:
    """Add up one span of hours after the other, until none is left."""
    while await activity.sum_up():
        pass
