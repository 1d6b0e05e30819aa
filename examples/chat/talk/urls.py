from django.urls import path

from talk import views
from talk.consumers import RoomConsumer

app_name = "talk"

urlpatterns = [
    path("", views.RoomList.as_view(), name="rooms"),
    path("rooms/<slug:slug>/", views.RoomDetail.as_view(), name="room"),
    path("rooms/<slug:slug>/messages", views.Messages.as_view(), name="messages"),
    path("invite/", views.Invite.as_view(), name="invite"),
    path("join/<str:token>/", views.Join.as_view(), name="join"),
    path("healthz", views.healthz, name="healthz"),
]

websocket_urlpatterns = [path("ws/rooms/<slug:slug>/", RoomConsumer.as_asgi())]
