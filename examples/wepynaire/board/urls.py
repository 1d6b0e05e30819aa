from django.urls import path

from board import views

app_name = "board"

urlpatterns = [
    path("", views.NoteList.as_view(), name="list"),
    path("notes/new/", views.NoteCreate.as_view(), name="create"),
    path("notes/<int:pk>/", views.NoteDetail.as_view(), name="detail"),
    path("healthz", views.healthz, name="healthz"),
]
