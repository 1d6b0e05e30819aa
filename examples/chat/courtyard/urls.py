"""The addresses of the site."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

admin.site.site_header = admin.site.site_title = "Courtyard"
admin.site.index_title = _("The rooms")

urlpatterns = [
    path("", include("talk.urls")),
    path("", include("django.contrib.auth.urls")),
    path("admin/", admin.site.urls),
    # With DEBUG only: nginx serves uploads in production.
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]
