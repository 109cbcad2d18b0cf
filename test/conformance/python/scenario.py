"""One short life of a client of the official Python SDK: connect, subscribe, publish, ask who is there, survive a cut.

Usage: scenario.py URL TOKEN CHANNEL json|protobuf. Writes one JSON object per line for each event; ends with 0 once the
publication "end" has come. The test beside this folder cuts the wire and compares what is written.
"""

import asyncio
import json
import sys

from centrifuge import Client, ClientEventHandler, SubscriptionEventHandler

URL, TOKEN, CHANNEL, ENCODING = sys.argv[1:5]
BINARY = ENCODING == "protobuf"


def tell(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


def encode(value):
    return json.dumps(value).encode() if BINARY else value


def decode(data):
    return json.loads(data) if BINARY else data


class Connection(ClientEventHandler):
    async def on_connecting(self, ctx):
        tell("connecting", code=ctx.code)

    async def on_connected(self, ctx):
        tell("connected", client=ctx.client)

    async def on_error(self, ctx):
        tell("error", code=ctx.code, message=str(ctx.error))


class Events(SubscriptionEventHandler):
    def __init__(self):
        self.ended = asyncio.get_running_loop().create_future()

    async def on_subscribed(self, ctx):
        tell("subscribed", recovered=ctx.recovered, wasRecovering=ctx.was_recovering)

    async def on_publication(self, ctx):
        value = decode(ctx.pub.data)
        tell("publication", offset=ctx.pub.offset, data=value)
        if value == "end":
            self.ended.set_result(None)


async def main():
    client = Client(
        URL, events=Connection(), token=TOKEN, use_protobuf=BINARY, max_reconnect_delay=0.3, proxy=None
    )
    events = Events()
    subscription = client.new_subscription(CHANNEL, events=events)
    await client.connect()
    await subscription.subscribe()
    await subscription.ready()
    await subscription.publish(encode({"from": "python"}))
    presence = await subscription.presence()
    tell("presence", users=sorted(info.user for info in presence.clients.values()))
    history = await subscription.history(limit=10)
    tell("history", offsets=[publication.offset for publication in history.publications])
    await events.ended
    await client.disconnect()


asyncio.run(asyncio.wait_for(main(), timeout=30))
