"""Who may change the catalogue of procedures."""

from motcua.lib.rules import system
from motcua.organisations.rules import national_administrator

keepers_of_the_catalogue = national_administrator | system
