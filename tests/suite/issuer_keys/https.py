"""An identity provider's documents over HTTPS, with a certificate of its own: FOLDER KEYS.

Writes the certificate of the authority that vouches for it to FOLDER/authority.pem, prints its address, and serves until it
is stopped. KEYS is the JSON of its key set.
"""

import datetime
import http.server
import json
import ssl
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

folder, keys = sys.argv[1:]
now = datetime.datetime.now(datetime.timezone.utc)


def certificate(subject, key, issuer, signing, extension):
    def name(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    return (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(extension, critical=False)
        .sign(signing, hashes.SHA256())
    )


def write(file, *parts):
    with open(f"{folder}/{file}", "wb") as out:
        for part in parts:
            if isinstance(part, x509.Certificate):
                out.write(part.public_bytes(serialization.Encoding.PEM))
            else:
                out.write(
                    part.private_bytes(
                        serialization.Encoding.PEM,
                        serialization.PrivateFormat.PKCS8,
                        serialization.NoEncryption(),
                    )
                )


authority_key = ec.generate_private_key(ec.SECP256R1())
own_key = ec.generate_private_key(ec.SECP256R1())
is_authority = x509.BasicConstraints(ca=True, path_length=None)
is_localhost = x509.SubjectAlternativeName([x509.DNSName("localhost")])
write("authority.pem", certificate("authority", authority_key, "authority", authority_key, is_authority))
write("own.pem", certificate("localhost", own_key, "authority", authority_key, is_localhost), own_key)


class Documents(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        issuer = f"https://localhost:{self.server.server_port}"
        discovery = json.dumps({"issuer": issuer, "jwks_uri": f"{issuer}/certs"})
        body = (keys if self.path == "/certs" else discovery).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Documents)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(f"{folder}/own.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
print(f"https://localhost:{server.server_port}", flush=True)
server.serve_forever()
