"""A TCP proxy that cuts, delays and loses what goes through it."""

import asyncio
import threading


class Proxy:
    """Listens on 127.0.0.1, on a port of its own choice; `mode` may be set at any time:

    up     everything goes through
    cut    connections are closed, new ones too
    stall  connections stay, nothing goes through (what was sent waits)
    deaf   requests go through, answers are lost; the connection closes after the first of them
    """

    def __init__(self, address=None):
        self.address, self.mode, self.delay, self.open = address, "up", 0, set()
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        self.ready.wait(10)

    def run(self):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self.connect, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        self.loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self.loop.close()

    async def connect(self, reader, writer):
        if self.mode == "cut":
            writer.close()
            return
        host, port = self.address.split(":")
        try:
            other_reader, other_writer = await asyncio.open_connection(host, int(port))
        except OSError:
            writer.close()
            return
        pair = (writer, other_writer)
        self.open.add(pair)
        try:
            await asyncio.gather(self.pump(reader, other_writer, False, pair), self.pump(other_reader, writer, True, pair))
        except asyncio.CancelledError:  # the end of all; asyncio would print a trace for each
            pass
        self.open.discard(pair)

    async def pump(self, reader, writer, answers, pair):
        try:
            while data := await reader.read(65536):
                if self.delay:
                    await asyncio.sleep(self.delay)
                while self.mode == "stall":
                    await asyncio.sleep(0.05)
                if self.mode == "cut" or (self.mode == "deaf" and answers):
                    break
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        for end in pair:
            end.close()

    def set(self, mode, delay=0):
        def change():
            self.mode, self.delay = mode, delay
            if mode == "cut":
                for pair in self.open:
                    for end in pair:
                        end.close()

        self.loop.call_soon_threadsafe(change)

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
