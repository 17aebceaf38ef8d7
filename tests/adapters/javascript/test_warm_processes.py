"""The register of idle processes, against a model: a list of all that was put in, oldest first."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from adapters.javascript.warm_processes import WarmProcesses

IDLE_BYTES, IDLE_SECONDS = 100, 30.0
affinities = st.sampled_from(["a", "b", "c"])


class Register(RuleBasedStateMachine):
    """A register and its model, whose entries are number, affinity, size and the time when the process became idle."""

    def __init__(self) -> None:
        super().__init__()
        self.register: WarmProcesses[int] = WarmProcesses(IDLE_BYTES, IDLE_SECONDS)
        self.model: list[tuple[int, str, int, float]] = []
        self.now, self.last = 0.0, 0

    @rule(affinity=affinities, size=st.integers(0, 120))
    def put(self, affinity: str, size: int) -> None:
        self.last += 1
        evicted = self.register.put(self.last, affinity, size, self.now)
        self.model.append((self.last, affinity, size, self.now))
        expected = []
        while sum(entry[2] for entry in self.model) > IDLE_BYTES:
            expected.append(self.model.pop(0)[0])
        assert evicted == expected

    @rule(affinity=affinities)
    def take(self, affinity: str) -> None:
        fitting = [entry for entry in self.model if entry[1] == affinity]
        assert self.register.take(affinity) == (fitting[-1][0] if fitting else None)
        if fitting:
            self.model.remove(fitting[-1])

    @rule(seconds=st.floats(0, 40))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        expired = [entry for entry in self.model if self.now - entry[3] >= IDLE_SECONDS]
        assert self.register.expire(self.now) == [entry[0] for entry in expired]
        self.model = self.model[len(expired) :]

    @rule(divisor=st.integers(2, 3))
    def remove(self, divisor: int) -> None:
        removed = [entry for entry in self.model if entry[0] % divisor == 0]
        assert self.register.remove_if(lambda process: process % divisor == 0) == [entry[0] for entry in removed]
        self.model = [entry for entry in self.model if entry not in removed]

    @invariant()
    def they_agree(self) -> None:
        assert len(self.register) == len(self.model)
        assert self.register.held_bytes == sum(entry[2] for entry in self.model)


TestRegister = Register.TestCase
TestRegister.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
