"""The forum's JSON face: queryset starts at `visible_to`, writing is the same action as the page's."""
