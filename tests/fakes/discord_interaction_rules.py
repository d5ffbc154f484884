"""The table of rules: for components, modals, commands and interactions. See `discord_rules.py`."""

from __future__ import annotations

from tests.fakes.discord_rules import DOCS, Rule

REFERENCE = DOCS + "components/reference"
CUSTOM_ID = REFERENCE + "#anatomy-of-a-component-custom-id"
SELECT = REFERENCE + "#string-select"
RESPONDING = DOCS + "interactions/receiving-and-responding"
CALLBACKS = RESPONDING + "#interaction-response-object-interaction-callback-type"
MODAL = RESPONDING + "#interaction-response-object-modal"
COMMANDS = DOCS + "interactions/application-commands"
STRUCTURE = COMMANDS + "#application-command-object-application-command-structure"
OPTION = COMMANDS + "#application-command-object-application-command-option-structure"
CODES = DOCS + "topics/opcodes-and-status-codes#json-json-error-codes"
#: Discord's machine-readable twin of its documentation.
OPENAPI = "https://github.com/discord/discord-api-spec"

COMPONENTS = {
    "v2_alone": Rule(
        "When the flag IS_COMPONENTS_V2 is set, the message can only contain components. "
        "Providing content, embeds, sticker_ids, poll, or shared_client_theme will fail with a "
        "400 BAD REQUEST response.",
        DOCS + "resources/message#create-message",
    ),
    "v2_stays": Rule(
        "Once a message has been sent with this flag, it can’t be removed from that message.",
        REFERENCE,
    ),
    "v2_set_on_edit": Rule(
        "When the IS_COMPONENTS_V2 flag is set, any of the used content, embeds, sticker_ids, or "
        "poll fields must have their values reset to empty. […] Failing to do this will result in "
        "a 400 BAD REQUEST response.",
        DOCS + "resources/message#edit-message",
    ),
    "v2_needed": Rule(
        "To use these components, you need to send the message flag 1 << 15 (IS_COMPONENTS_V2)",
        REFERENCE,
    ),
    "component_total": Rule("Messages allow up to 40 total components", REFERENCE),
    "text_total": Rule(
        "The character count of all text display components in a message may total up to 4000 "
        "characters",
        "https://github.com/discord/discord-api-docs/pull/8562",
    ),
    "text_empty": Rule("TextDisplayComponentForMessageRequest.content: minLength 1", OPENAPI),
    "legacy_rows": Rule(
        "Legacy messages allow up to 5 action rows as top-level components",
        REFERENCE + "#legacy-message-component-behavior",
    ),
    "component_type": Rule(
        "Text Inputs can only be used within modals and must be placed inside a Label.",
        REFERENCE + "#text-input",
    ),
    "component_place": Rule(
        "Buttons must be placed inside an Action Row or a Section’s accessory field.",
        REFERENCE + "#button",
    ),
    "container_children": Rule(
        "Container child components: Action Row, Text Display, Section, Media Gallery, Separator, "
        "File",
        REFERENCE + "#container-container-child-components",
    ),
    "component_id": Rule(
        "The id must be unique within the message", REFERENCE + "#anatomy-of-a-component"
    ),
    "custom_id_length": Rule("This field is a string of 1 to 100 characters", CUSTOM_ID),
    "custom_id_unique": Rule(
        "Multiple components on the same message must not share the same custom_id.", CUSTOM_ID
    ),
    "button_custom_id": Rule(
        "Non-link and non-premium buttons must have a custom_id, and cannot have a url or a "
        "sku_id.",
        REFERENCE + "#button-button-structure",
    ),
    "button_link": Rule(
        "Link buttons must have a url, and cannot have a custom_id",
        REFERENCE + "#button-button-structure",
    ),
    "button_label": Rule(
        "label: Text that appears on the button; max 80 characters",
        REFERENCE + "#button-button-structure",
    ),
    "row_buttons": Rule("Up to 5 contextually grouped buttons", REFERENCE + "#action-row"),
    "row_select": Rule("A single select component", REFERENCE + "#action-row"),
    "select_options": Rule("options: Specified choices in a select menu; max 25", SELECT),
    "select_label": Rule("label: User-facing name of the option; max 100 characters", SELECT),
    "select_value": Rule("value: Dev-defined value of the option; max 100 characters", SELECT),
    "select_description": Rule(
        "description: Additional description of the option; max 100 characters", SELECT
    ),
    "select_placeholder": Rule(
        "placeholder: Placeholder text if nothing is selected or default; max 150 characters",
        SELECT,
    ),
    "select_values": Rule(
        "max_values: Maximum number of items that can be chosen (defaults to 1); max 25", SELECT
    ),
    "section_texts": Rule(
        "One to three child components representing the content of the section",
        REFERENCE + "#section-section-structure",
    ),
    "section_accessory": Rule(
        "accessory: A component that is contextually associated to the content of the section "
        "(Button, Thumbnail)",
        REFERENCE + "#section-section-accessory-components",
    ),
    "gallery_items": Rule(
        "A Media Gallery is a top-level content component that allows you to display 1-10 media "
        "attachments",
        REFERENCE + "#media-gallery",
    ),
    "media_uploaded": Rule(
        "Supports arbitrary urls and attachment://<filename> references",
        REFERENCE + "#unfurled-media-item",
    ),
    "modal_components": Rule(
        "components: Between 1 and 5 (inclusive) components that make up the modal", MODAL
    ),
    "modal_title": Rule("title: Title of the popup modal, max 45 characters", MODAL),
    "modal_custom_id": Rule(
        "custom_id: Developer-defined identifier for the modal, 1-100 characters", MODAL
    ),
    "modal_children": Rule(
        "Text Inputs can only be used within modals and must be placed inside a Label.",
        REFERENCE + "#text-input",
    ),
    "modal_disabled": Rule(
        "Using disabled in a modal will result in an error. Modals can not currently have "
        "disabled components in them.",
        SELECT,
    ),
    "modal_required": Rule(
        "min_values must be either omitted or at least 1 if required is omitted or true.", SELECT
    ),
    "label_text": Rule("label: The label text; max 45 characters", REFERENCE + "#label"),
    "label_description": Rule(
        "description: An optional description text for the label; max 100 characters",
        REFERENCE + "#label",
    ),
    "input_length": Rule(
        "max_length: Maximum input length for a text input; min 1, max 4000",
        REFERENCE + "#text-input",
    ),
    "input_value": Rule(
        "value: Pre-filled value for this component; max 4000 characters",
        REFERENCE + "#text-input",
    ),
    "input_placeholder": Rule(
        "placeholder: Custom placeholder text if the input is empty; max 100 characters",
        REFERENCE + "#text-input",
    ),
}

INTERACTIONS = {
    "unknown_interaction": Rule("10062: Unknown interaction", CODES, 404, 10062),
    "ack_in_time": Rule(
        "You must send an initial response within 3 seconds of receiving the event. If the 3 "
        "second deadline is exceeded, the token will be invalidated.",
        RESPONDING + "#interaction-callback",
        404,
        10062,
    ),
    "token_life": Rule(
        "Interaction tokens are valid for 15 minutes",
        RESPONDING + "#followup-messages",
        401,
        50027,
    ),
    "webhook_token": Rule("50027: Invalid webhook token provided", CODES, 401, 50027),
    "ack_first": Rule(
        "Interaction tokens […] can be used to send followup messages but you must send an "
        "initial response",
        RESPONDING + "#interaction-callback",
        404,
        10015,
    ),
    "ack_once": Rule("40060: Interaction has already been acknowledged", CODES, 400, 40060),
    "modal_after_defer": Rule(
        "MODAL: Respond to an interaction with a popup modal (40060: Interaction has already been "
        "acknowledged)",
        CALLBACKS,
        400,
        40060,
    ),
    "modal_after_modal": Rule(
        "MODAL: Not available for MODAL_SUBMIT and PING interactions.", CALLBACKS
    ),
    "update_component": Rule(
        "DEFERRED_UPDATE_MESSAGE, UPDATE_MESSAGE: Only valid for component-based interactions",
        CALLBACKS,
    ),
    "choices_only": Rule(
        "APPLICATION_COMMAND_AUTOCOMPLETE_RESULT: Respond to an autocomplete interaction with "
        "suggested choices",
        CALLBACKS,
    ),
    "choices_count": Rule(
        "choices: autocomplete choices (max of 25 choices)",
        RESPONDING + "#interaction-response-object-autocomplete",
    ),
    "choice_name": Rule(
        "name: 1-100 character choice name",
        COMMANDS + "#application-command-object-application-command-option-choice-structure",
    ),
    "choice_value": Rule(
        "value: Value for the choice, up to 100 characters if string",
        COMMANDS + "#application-command-object-application-command-option-choice-structure",
    ),
    "defer_flags": Rule(
        "If you create a callback with the type DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE the only "
        "valid message flag you may use is EPHEMERAL.",
        RESPONDING + "#interaction-response-object-messages",
    ),
    "defer_followup": Rule(
        "When using this endpoint directly after responding to an interaction with "
        "DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE, […] no new message will be created, and the "
        "loading message will be edited instead. The ephemeral flag will be ignored",
        RESPONDING + "#create-followup-message",
        0,
    ),
    "ephemeral_hidden": Rule(
        "EPHEMERAL: this message is only visible to the user who invoked the Interaction",
        DOCS + "resources/message#message-object-message-flags",
        404,
        10008,
    ),
    "ephemeral_token": Rule(
        "Edits a previously-sent webhook message from the same token.",
        DOCS + "resources/webhook#edit-webhook-message",
        404,
        10008,
    ),
    "command_name": Rule(
        "CHAT_INPUT command names and command option names must match the following regex "
        "^[-_'\\p{L}\\p{N}\\p{sc=Deva}\\p{sc=Thai}]{1,32}$ with the unicode flag set.",
        COMMANDS + "#application-command-object-application-command-naming",
    ),
    "command_case": Rule(
        "If there is a lowercase variant of any letters used, you must use those.",
        COMMANDS + "#application-command-object-application-command-naming",
    ),
    "menu_name": Rule("name: Name of command, 1-32 characters", STRUCTURE),
    "command_description": Rule(
        "description: Description for CHAT_INPUT commands, 1-100 characters.", STRUCTURE
    ),
    "menu_description": Rule("description: Empty string for USER and MESSAGE commands", STRUCTURE),
    "command_options": Rule("options: Parameters for the command, max of 25", STRUCTURE),
    "option_name": Rule("name: 1-32 character name", OPTION),
    "option_description": Rule("description: 1-100 character description", OPTION),
    "option_order": Rule("Required options must be listed before optional options", OPTION),
    "option_unique": Rule(
        "name must be unique within an array of application command options.", OPTION
    ),
    "option_choices": Rule("choices: Choices for the user to pick from, max 25", OPTION),
    "command_unique": Rule(
        "Your app cannot have two global CHAT_INPUT commands with the same name",
        COMMANDS + "#registering-a-command",
    ),
    "command_size": Rule(
        "Slash commands can have a maximum of 8000 characters for combined name, description, and "
        "value properties for each command, its options (including subcommands and groups), and "
        "choices.",
        COMMANDS + "#slash-commands",
    ),
    "command_count": Rule(
        "An app can have the following number of commands: 100 global CHAT_INPUT commands",
        COMMANDS + "#registering-a-command",
        400,
        30032,
    ),
    "menu_count": Rule(
        "15 global USER commands, 15 global MESSAGE commands",
        COMMANDS + "#registering-a-command",
        400,
        30032,
    ),
    "unknown_command": Rule("10063: Unknown application command", CODES, 404, 10063),
}
