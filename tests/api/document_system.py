"""A small document system somebody else wrote: it knows the axis, HTTP, HMAC and XML signatures, and nothing of ours."""

import hmac
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import XMLSigner

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
EDOC = """<edXML xmlns="{ns}"><edXML:edXMLEnvelope xmlns:edXML="{ns}"><edXML:edXMLHeader><edXML:MessageHeader>
<edXML:From><edXML:OrganId>{sender}</edXML:OrganId><edXML:OrganName>Cơ quan gửi</edXML:OrganName></edXML:From>
<edXML:To><edXML:OrganId>{to}</edXML:OrganId></edXML:To><edXML:DocumentId>{document}</edXML:DocumentId>
<edXML:Code><edXML:CodeNumber>{number}</edXML:CodeNumber><edXML:CodeNotation>{notation}</edXML:CodeNotation></edXML:Code>
<edXML:PromulgationInfo><edXML:Place>Sa Pa</edXML:Place><edXML:PromulgationDate>2026/11/20</edXML:PromulgationDate></edXML:PromulgationInfo>
<edXML:DocumentType><edXML:Type>2</edXML:Type><edXML:TypeName>Báo cáo</edXML:TypeName></edXML:DocumentType>
<edXML:Subject>{subject}</edXML:Subject>{more}</edXML:MessageHeader><edXML:TraceHeaderList>
<edXML:TraceHeader><edXML:OrganId>{sender}</edXML:OrganId><edXML:Timestamp>2026/11/20 08:00:00</edXML:Timestamp></edXML:TraceHeader>
<edXML:Bussiness><edXML:BussinessDocType>{purpose}</edXML:BussinessDocType><edXML:DocumentId>{about}</edXML:DocumentId></edXML:Bussiness>
</edXML:TraceHeaderList></edXML:edXMLHeader><edXML:edXMLBody><edXML:edXMLManifest version="1.0"/></edXML:edXMLBody></edXML:edXMLEnvelope></edXML>"""
STATUS = """<edXML xmlns="{ns}"><edXML:edXMLEnvelope xmlns:edXML="{ns}"><edXML:edXMLHeader><edXML:MessageHeader>
<edXML:From><edXML:OrganId>{sender}</edXML:OrganId></edXML:From><edXML:ResponseFor><edXML:OrganId>{of}</edXML:OrganId>
<edXML:DocumentId>{document}</edXML:DocumentId></edXML:ResponseFor><edXML:StaffInfo><edXML:Staff>Vàng Thị Mỷ</edXML:Staff></edXML:StaffInfo>
<edXML:StatusCode>{code}</edXML:StatusCode><edXML:Description>{words}</edXML:Description>
<edXML:Timestamp>2026/11/20 09:00:00</edXML:Timestamp></edXML:MessageHeader></edXML:edXMLHeader></edXML:edXMLEnvelope></edXML>"""
KEY = rsa.generate_private_key(65537, 2048)
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Hệ thống quản lý văn bản")])
CERTIFICATE = (
    x509.CertificateBuilder()
    .subject_name(NAME)
    .issuer_name(NAME)
    .public_key(KEY.public_key())
    .serial_number(7)
    .not_valid_before(datetime.now(UTC) - timedelta(days=1))
    .not_valid_after(datetime.now(UTC) + timedelta(days=9))
    .sign(KEY, hashes.SHA256())
)


class DocumentSystem:
    """Sends, receives and reports states over HTTP, through whatever can post."""

    def __init__(self, post, system, key, agency):
        self.post, self.system, self.key, self.agency = post, system, key, agency

    def call(self, service, body=b"", *, kind="edoc", at=None, key="", spoil=None, **more):
        moment = (at or datetime.now(UTC)).strftime("%d%m%YT%H%M%S+0000")
        said = {
            "systemid": self.system,
            "timestamp": moment,
            "from": self.agency,
            "servicetype": "eDoc",
            "messagetype": kind,
            **more,
        }
        if body:
            said["hash-file"] = sha256(body).hexdigest()
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        mark = hmac.new((key or self.key).encode(), text.encode(), sha256).hexdigest()
        said |= {"hash-header": ";".join(said), "sign-header": mark, **(spoil or {})}
        headers = {f"XroadVnpt-{name}": value for name, value in said.items()}
        return self.post(
            f"/axis/{service}", data=body, content_type="application/octet-stream", headers=headers
        )

    def write(
        self,
        to,
        *,
        number="15",
        notation="BC-UBND",
        document="",
        subject="Báo cáo tháng",
        purpose=0,
        about="",
        more="",
        signed=True,
    ):
        identifier = document or f"{self.agency},2026/11/20,{number}/{notation}"
        raw = EDOC.format(
            ns=NAMESPACE,
            sender=self.agency,
            to=to,
            document=identifier,
            number=number,
            notation=notation,
            subject=subject,
            purpose=purpose,
            about=about or identifier,
            more=more,
        )
        root = etree.fromstring(raw.encode())
        if signed:
            head = root.find(f".//{{{NAMESPACE}}}edXMLHeader")
            etree.SubElement(head, "{http://www.w3.org/2000/09/xmldsig#}Signature").set("Id", "placeholder")
            root = XMLSigner().sign(root, key=KEY, cert=[CERTIFICATE])
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8")

    def state(self, document, of, code, words="Đã tiếp nhận"):
        return STATUS.format(
            ns=NAMESPACE, sender=self.agency, of=of, document=document, code=code, words=words
        ).encode()
