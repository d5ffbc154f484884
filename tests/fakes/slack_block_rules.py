"""The rules of Block Kit and of views that the fake holds payloads to.

In a message Slack answers a broken one with `invalid_blocks`, in a view with
`invalid_arguments`; `response_metadata.messages` says what and where.
"""

from __future__ import annotations

from tests.fakes.slack_rules import table

_KIT = "reference/block-kit/"
_BAD = "invalid_blocks"
_BAD_VIEW = "invalid_arguments"

BLOCK_RULES = table(
    {
        _KIT + "blocks": [
            ("message-blocks", _BAD, "A message has 50 blocks at most."),
            ("block-kind", _BAD, "A block is of a type that Slack has, where it has it."),
            ("block-fields", _BAD, "An object has no field that its type has not."),
            ("block-required", _BAD, "An object has every field that its type needs."),
            ("block-value", _BAD, "A field has the type and the values that it is said to."),
            ("block-id-length", _BAD, "A block_id has 255 characters at most."),
            ("block-id-unique", _BAD, "A block_id is unique in its message or view."),
            ("view-blocks", _BAD_VIEW, "A modal or a Home tab has 100 blocks at most."),
        ],
        _KIT + "blocks/section-block": [
            ("section-text", _BAD, "A section's text has 1 to 3,000 characters."),
            ("section-fields", _BAD, "A section has ten fields at most."),
            ("section-field", _BAD, "A field has 2,000 characters at most."),
            ("section-kinds", _BAD, "Beside a section stands an element that may."),
            ("section-empty", _BAD, "A section has text or fields."),
        ],
        _KIT + "blocks/header-block": [
            ("header-text", _BAD, "A header has 150 characters at most."),
            ("header-plain", _BAD, "A header is plain text."),
        ],
        _KIT + "blocks/context-block": [
            ("context-elements", _BAD, "A context block has ten elements at most."),
            ("context-kinds", _BAD, "A context block holds images and texts."),
        ],
        _KIT + "blocks/actions-block": [
            ("actions-elements", _BAD, "An actions block has 25 elements at most."),
            ("actions-kinds", _BAD, "An actions block holds interactive elements."),
        ],
        _KIT + "blocks/image-block": [
            ("image-alt", _BAD, "An image has an alt_text."),
            ("image-alt-length", _BAD, "An alt_text has 2,000 characters at most."),
            ("image-source", _BAD, "An image has an image_url or a slack_file, not both."),
            ("image-url", _BAD, "An image_url has 3,000 characters at most."),
            ("image-title", _BAD, "An image's title has 2,000 characters at most."),
        ],
        _KIT + "composition-objects/slack-file-object": [
            ("image-file", _BAD, "A slack_file exists."),
        ],
        _KIT + "blocks/input-block": [
            ("input-label", _BAD, "An input's label has 2,000 characters at most."),
            ("input-hint", _BAD, "An input's hint has 2,000 characters at most."),
            ("input-kinds", _BAD, "An input holds an element that takes input."),
        ],
        _KIT + "blocks/markdown-block": [
            (
                "markdown-length",
                "msg_blocks_too_long",
                "The markdown blocks of a payload have 12,000 characters in all.",
            ),
        ],
        _KIT + "block-elements/button-element": [
            ("action-id-length", _BAD, "An action_id has 255 characters at most."),
            ("action-id-unique", _BAD, "An action_id is unique within its block."),
            ("button-text", _BAD, "A button's text has 75 characters at most."),
            ("button-plain", _BAD, "A button's text is plain text."),
            ("button-value", _BAD, "A button's value has 2,000 characters at most."),
            ("button-url", _BAD, "A button's url has 3,000 characters at most."),
            ("button-style", _BAD, "A button's style is primary or danger."),
            ("button-label", _BAD, "An accessibility_label has 75 characters at most."),
        ],
        _KIT + "block-elements/select-menu-element": [
            ("placeholder", _BAD, "A placeholder has 150 characters at most."),
            ("select-options", _BAD, "A select menu has 1 to 100 options."),
            ("select-groups", _BAD, "A select menu has 100 groups of options at most."),
            ("select-initial", _BAD, "An initial option is one of the options."),
        ],
        _KIT + "block-elements/overflow-menu-element": [
            ("overflow-options", _BAD, "An overflow menu has five options at most."),
        ],
        _KIT + "block-elements/radio-button-group-element": [
            ("radio-options", _BAD, "Radio buttons have ten options at most."),
        ],
        _KIT + "block-elements/checkboxes-element": [
            ("checkbox-options", _BAD, "Checkboxes have ten options at most."),
        ],
        _KIT + "block-elements/plain-text-input-element": [
            ("input-max", _BAD, "A max_length is 3,000 at most."),
            ("input-min", _BAD, "A min_length is 3,000 at most."),
        ],
        _KIT + "composition-objects/text-object": [
            ("text-kind", _BAD, "A text is plain_text or mrkdwn."),
            ("text-empty", _BAD, "A text has one character at least."),
            ("text-emoji", _BAD, "emoji goes with plain_text only."),
        ],
        _KIT + "composition-objects/option-object": [
            ("option-text", _BAD, "An option's text has 75 characters at most."),
            ("option-plain", _BAD, "An option of a menu is plain text."),
            ("option-value", _BAD, "An option's value has 150 characters at most."),
            ("option-description", _BAD, "An option's description has 75 characters at most."),
        ],
        _KIT + "composition-objects/option-group-object": [
            ("group-label", _BAD, "A group's label has 75 characters at most."),
        ],
        _KIT + "composition-objects/confirmation-dialog-object": [
            ("confirm-title", _BAD, "A confirmation's title has 100 characters at most."),
            ("confirm-text", _BAD, "A confirmation's text has 300 characters at most."),
            ("confirm-button", _BAD, "A confirmation's buttons have 30 characters at most."),
        ],
        "reference/views/modal-views": [
            ("view-kind", _BAD_VIEW, "views.open and push take a modal, publish a home."),
            ("modal-title", _BAD_VIEW, "A modal's title has 24 characters at most."),
            ("modal-submit", _BAD_VIEW, "A modal's submit has 24 characters at most."),
            ("modal-close", _BAD_VIEW, "A modal's close has 24 characters at most."),
            ("modal-submit-needed", _BAD_VIEW, "A modal with inputs has a submit."),
            ("private-metadata", _BAD_VIEW, "private_metadata has 3,000 characters at most."),
            ("callback-id", _BAD_VIEW, "A callback_id has 255 characters at most."),
            ("external-id", _BAD_VIEW, "An external_id has 255 characters at most."),
        ],
    }
)
