"""A Django site online, from a Pulumi program in Python."""

import pulumi
from pulumi_django_server import (
    AppArgs,
    DjangoServer,
    GunicornArgs,
    HealthArgs,
    MachineArgs,
    SiteArgs,
)

config = pulumi.Config()

server = DjangoServer(
    "server",
    machine=MachineArgs(kind="container"),
    sites=[
        SiteArgs(
            name="board",
            domains=["board.localhost"],
            app=AppArgs(path="../wepynaire"),
            health=HealthArgs(path="/healthz"),
            gunicorn=GunicornArgs(instances=1, workers="auto"),
            environment={"DEFAULT_FROM_EMAIL": "board@example.org"},
            secret_environment={
                "EMAIL_PASSWORD": config.get_secret("emailPassword") or "none yet",
            },
        )
    ],
)

pulumi.export("urls", server.urls)
pulumi.export("ssh", server.ssh)
pulumi.export("operations", server.operations)
