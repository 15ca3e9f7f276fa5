"""The API of text messages: settings of the account, and who opted out (nobody did)."""

import re
from collections.abc import Mapping
from typing import Any

from localaws.sns.errors import InvalidParameterException, InvalidSettingException
from localaws.sns.phone_numbers import PHONE_NUMBER
from localaws.words.http import Caller

Params = dict[str, Any]

# What each setting may be: API_SetSMSAttributes. An empty text takes a setting back.
_SETTINGS = {
    "DefaultSMSType": re.compile(r"Promotional|Transactional"),
    "DefaultSenderID": re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]{1,11}"),
    "DeliveryStatusIAMRole": re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/.+"),
    "DeliveryStatusSuccessSamplingRate": re.compile(r"\d{1,2}|100"),
    "MonthlySpendLimit": re.compile(r"\d{1,9}"),
    "UsageReportS3Bucket": re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"),
}


class SmsOperations:
    """Operations of boto3's names, parameters and results. Nothing is ever sent."""

    def __init__(self) -> None:
        # A new account may spend one dollar a month.
        self._settings = {"MonthlySpendLimit": "1"}

    def operations(self) -> Mapping[str, Any]:
        return {
            "CheckIfPhoneNumberIsOptedOut": self._is_opted_out,
            "GetSMSAttributes": self._get_settings,
            "ListPhoneNumbersOptedOut": self._list_opted_out,
            "OptInPhoneNumber": self._opt_in,
            "SetSMSAttributes": self._set_settings,
        }

    def _set_settings(self, params: Params, caller: Caller) -> Params:
        for name, value in params["attributes"].items():
            if name not in _SETTINGS:
                raise InvalidSettingException(f"{name} is not a valid attribute")
            if value and not _SETTINGS[name].fullmatch(value):
                raise InvalidSettingException(f"{name} is invalid")
        self._settings.update(params["attributes"])
        return {}

    def _get_settings(self, params: Params, caller: Caller) -> Params:
        names = params.get("attributes") or _SETTINGS
        return {"attributes": {n: v for n, v in self._settings.items() if n in names}}

    def _is_opted_out(self, params: Params, caller: Caller) -> Params:
        _check_number(params)
        return {"isOptedOut": False}

    def _opt_in(self, params: Params, caller: Caller) -> Params:
        _check_number(params)
        return {}

    def _list_opted_out(self, params: Params, caller: Caller) -> Params:
        return {"phoneNumbers": []}


def _check_number(params: Params) -> None:
    if not PHONE_NUMBER.fullmatch(params["phoneNumber"]):
        raise InvalidParameterException("PhoneNumber Reason: input incorrectly formatted")
