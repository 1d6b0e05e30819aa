"""The addresses of the site."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path

admin.site.site_header = admin.site.site_title = "Wepynaire"
admin.site.index_title = "The board"

urlpatterns = [
    path("", include("board.urls")),
    path("admin/", admin.site.urls),
    # With DEBUG only: nginx serves uploads in production.
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]
