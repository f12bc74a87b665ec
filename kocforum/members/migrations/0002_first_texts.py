"""The first community agreement and the first privacy notice, in plain words."""

from datetime import datetime, timezone

from django.db import migrations

# Accounts older than a text are asked to accept it; the house opens with these.
OPENED = datetime(2024, 1, 1, tzinfo=timezone.utc)

TERMS = """
欢迎来到车主社区。这里只有一个目的：让你在车里遇到的事，被认真听见、被别的车主印证、被品牌变成改进，再回到你这里。

## 你写的内容

- 你写的文字、图片和视频仍然属于你。你允许我们在社区里展示它，并交给品牌用来改进产品。
- 请写你亲身经历的事。没看到就留空，不确定就说不确定。
- 发布以后，现场报告会作为数据保留，每次修改都留有历史。你可以撤回，撤回处会留下一句说明。

## 彼此相处

- 对事不对人。不辱骂、不骚扰、不公开别人的个人信息。
- 不冒充他人，更不冒充官方。
- 不发广告，不刷数据，不用多个账号给自己佐证。
- 涉及人身安全的情况，请先确保安全，再拨打 110、120 或 122。

## 我们会做的事

- 违反公约的内容可能被隐藏，账号可能被限制发言。每次都会告诉你原因，你可以申诉。
- KOC 等级由人授予，附上理由，不出售。
- 品牌的处理进展会公开写在你的报告下面，问题是否真的解决由车主说了算。

## 安全

行驶中请不要操作手机。停好车再记录，现场先记几下，细节回家再补。

## 离开

你可以随时下载自己的数据，随时注销账号。注销后你的个人信息会被清除，你写过的内容会匿名保留，因为别的车主还在引用它。

公约有变化时，我们会先请你读过并同意，再请你继续发言。
""".strip()

TERMS_EN = """
Welcome to the owners' community. It has one purpose: what happens in your car is heard, confirmed by other owners, turned into
improvements by the brand, and brought back to you.

## What you write

- Your words, pictures and videos stay yours. You allow us to show them here and to pass them to the brand to improve its products.
- Write what you met yourself. Leave out what you did not see, and say so when you are not sure.
- A field report stays data after it is posted, and every change keeps its history. You may withdraw it; a line says that it was there.

## With each other

- Speak about the matter, not the person. No insults, no harassment, nobody's personal data.
- Do not pose as somebody else, least of all as the staff.
- No advertising, no fake numbers, no second account to confirm yourself.
- Where somebody is in danger, get safe first and call 110, 120 or 122.

## What we do

- What breaks this agreement may be hidden, and an account may lose the right to write for a while. You are always told why and may object.
- People grant the KOC level, with a reason. It is not for sale.
- The brand's progress is written publicly under your report. Whether a problem is solved is for owners to say.

## Safety

Do not use your phone while driving. Park first, tap what matters on the spot, and add the details at home.

## Leaving

You can download your data and close your account at any time. Your personal data is erased then; what you wrote stays without your name,
because other owners build on it.

When this agreement changes, we ask you to read and accept it before you write again.
""".strip()

PRIVACY = """
这份说明用大白话告诉你：我们收集什么、为什么、谁看得到、怎么删掉。

## 我们收集什么

- **账号**：用户名，手机号或邮箱（用来登录和验证，不公开），密码（加密保存，我们也看不到）。
- **车库**：你填写的车型、年份、软件版本、里程。
- **你写的内容**：报告、佐证、回复、图片和视频。
- **登录记录**：时间、IP 地址和浏览器，用来保护账号安全。

我们不要求实名，不读取通讯录，不做广告追踪。

## 照片和视频

公开展示的图片和视频会去掉全部隐藏信息（拍摄位置、设备编号等）。拍摄时间只作为报告的依据保留，并注明来源。

## 位置

报告里的位置只到行政区和场所类型，由你自己选填。我们不读取手机定位。

## 谁看得到

- **所有人**：用户名、昵称、简介、城市、公开发布的内容。
- **工作人员**：处理报告所需的内容。
- **其他公司**：只有替我们发短信和邮件的服务商，只给到发送所需的号码和文字。我们不出售个人信息。

## 保存多久

账号存续期间保存。登录记录在会话结束后清除。注销账号时，手机号、邮箱、昵称、简介和所有登录方式立即清除，公开内容匿名保留。

## 你的权利

在“设置”里可以查看、更正、下载和删除自己的数据，也可以撤回同意并注销账号。对处理有疑问，可以在社区里联系社群运营。

说明有变化时，我们会先请你读过并同意。
""".strip()

PRIVACY_EN = """
This notice says in plain words what we collect, why, who sees it and how it is deleted.

## What we collect

- **Account**: user name, mobile number or e-mail (to sign in and to verify, not public), password (hashed; we cannot read it).
- **Garage**: model, year, software version and mileage as you enter them.
- **What you write**: reports, corroborations, replies, pictures and videos.
- **Sign-ins**: time, IP address and browser, to protect your account.

We ask for no real name, read no contacts and do no tracking for advertising.

## Pictures and videos

What is shown carries no hidden data (place of capture, device number and so on). The time of capture is kept as evidence for a report
only, with its source named.

## Place

A report names the district and the kind of place, as far as you choose them. We do not read your phone's position.

## Who sees what

- **Everybody**: user name, display name, about me, city, and what you post publicly.
- **Staff**: what they need to work on a report.
- **Other companies**: only those who send text messages and e-mail for us, and only the number and the words. We do not sell personal data.

## How long

As long as the account exists. Sign-in records go when the session ends. When you close your account, number, e-mail, name, about me and all
ways to sign in are erased at once; public content stays without your name.

## Your rights

Under “Settings” you can see, correct, download and delete your data, withdraw your consent and close the account. With questions, write to
the community operators.

When this notice changes, we ask you to read and accept it first.
""".strip()


def write(apps, schema_editor):
    agreement = apps.get_model("members", "Agreement")
    for kind, body, body_en in (("terms", TERMS, TERMS_EN), ("privacy", PRIVACY, PRIVACY_EN)):
        agreement.objects.get_or_create(
            kind=kind, version=1, defaults={"body": body, "body_en": body_en, "published_at": OPENED}
        )


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
