"""The form with one button carries both tokens, and says nothing that was not asked of it."""

from django.template import engines

PAGE = (
    '{% post_button "order-action" id "confirm" kind="primary" icon="check" %}'
    "<b>{{ text }}</b>{% endpost_button %}"
)


def rendered(source, **facts):
    return engines["django"].from_string(source).render({"csrf_token": "token-of-the-session", **facts})


def test_the_form_posts_to_its_route_with_both_tokens():
    html = rendered(PAGE, id="018f0000-0000-7000-8000-000000000000", text="5 < 6")
    assert 'action="/orders/018f0000-0000-7000-8000-000000000000/confirm"' in html
    assert 'name="csrfmiddlewaretoken" value="token-of-the-session"' in html
    assert 'name="once"' in html
    assert 'class="tp-button tp-primary"' in html
    assert "<b>5 &lt; 6</b>" in html
    assert "<svg" in html


def test_what_may_be_sent_again_has_no_token_for_once():
    html = rendered("{% post_button once=False name='action' value='drop' %}Go{% endpost_button %}")
    assert 'name="once"' not in html
    assert "action=" not in html
    assert 'name="action" value="drop"' in html
    assert "<svg" not in html
