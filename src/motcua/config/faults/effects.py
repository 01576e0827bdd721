"""What a message brings about while faults are caused: a row that nothing keeps from being there twice."""

from collections.abc import Sequence

from django.db import connection

from motcua.config.faults.load import KIND
from motcua.exchange.messages import Message, receives_many

TABLE = "CREATE TABLE faults_effect (number bigserial, message uuid, stream text, place int)"
COPY = "COPY faults_effect (message, stream, place) FROM STDIN"


def take(messages: Sequence[Message]) -> None:
    """In the order they are handled."""
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for message in messages:
            told = message.json()
            copy.write_row([message.id, told["stream"], told["number"]])


def declare() -> None:
    """Let this process take them; a node outside the storm knows no such message."""
    receives_many(KIND)(take)
