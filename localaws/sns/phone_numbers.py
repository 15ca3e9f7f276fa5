"""Phone numbers: https://docs.aws.amazon.com/sns/latest/dg/sms_sending-overview.html"""

import re

# E.164: a plus sign, the country, at most fifteen digits.
PHONE_NUMBER = re.compile(r"\+[1-9]\d{1,14}", re.ASCII)
