//! Keys made for these tests, in the shapes in which `openssl` writes them. They open nothing.

/// 2048 bits, PKCS#1.
pub const RSA_PKCS1: &str = "-----BEGIN RSA PRIVATE KEY-----\n\
MIIEogIBAAKCAQEAuRdmqmXeXxQDi/Ke8uBmupjJH18kHQkxhMS9mmsdgzUCpI5E\n\
HQDBagcjtxSSOCOcH44IhtvKvxLKilupgEZU/JN8qSx36t2Gr0NQZ8bHtMKw6nHY\n\
d+5UUFv9SHGpiWwnZzuFm0sRrCN7lmwNfB5K22Z6HfgoQ80HpKqAx75wOxBXcD2j\n\
a8P5IcfytL8fcMuPgaO++q36Vk5nH3B4pRNwY7DkNlSyiSe55ecFtr/anlY6qVYF\n\
HkZZHzvHEted27OvpS8pFJvG+K2HwP4FJrNB54Ujz2o6Y5HgUvISRMpdyOK/PuQU\n\
DCCuG1yizwBf/EDNJIqXEmtmL/lZduqcc2BstQIDAQABAoIBAEXMo9xNhzLuvrmn\n\
eLaZ1lO2612nyNwkS+bINMJHc703n/QDbH9NeiLsZ1US7mM6VpV1wBRvTYGJ6hSM\n\
JZsoqsMHMYMwsFZDTRfJ+EfyZ/xsUUBQR3ROzb/yOM15g5g9z4w4H5XlFNiIFwKu\n\
Y9VzLQKZHiMwIqsS5jd8Tw1EbVlwF3SrWpP8Pn/sRQLcqFj53FvHQykcu9zDWobg\n\
qSfl/ieM8A/6uKZ3s9YjjA8J9GRUnwkkY+n8uZfKAD45AfIYIOt+C+JtfnmjRqXp\n\
NsVeZg912eIy6aGeUz2pCQKNB3BVq7jBQKwKFAZvPSdQ7nUKq+1ewz5y91R/xWT2\n\
Jaetbc8CgYEA35VgC3rsTlc7v+iOo67+TxaI8UYEWq2PqT0HH1mpBTPDTHDHSQuj\n\
wetHq6gZFdrTJBM8O0opgsCqf2mnf3YKTyXHXHK9QUWUY46YSGWrN/tQayAV2XM9\n\
1DwZf6jvikBcr7kJtikqwp79TydD1lKIWYHb7JBLn1K/PhxbSGXS91sCgYEA0+1W\n\
HrrPbWKxUBg8+9SsI0y+SK4/KVIlxHmesudPxtDzs/0QkUJNyVZWA1Yzgec2Ny5f\n\
oj7hGawZLNnvyW1Peii6RfmLBmu0zYbwI0OV5sdI5ACzhsmj+nr0vYRjPr+KZR6P\n\
dNJtG1yZyxH5tK+4yJKyje11sinZ9QU+TfgheS8CgYAwy6n1d3NhOZqZrIiM4qEv\n\
44wplA1ZOO3UkrQePHQt5XknEqn7oCWyKcYviXVIFsTj56rKicn7dk7/lbBvmfRw\n\
B5+15ni1aRkUjUdg7YdrpVaMuqjqF0OUMTWjbdwxgRB5bVnYPq3NYeOIxdoBSWvm\n\
lPfJbkiC0g1Y4dluOILNZwKBgE9ci2mKj27pDHlv+jZcF/JIJOHWzrRMnPQMj09z\n\
q75KNVjrpa6f471H5YHuX+9/hB/577o0TdttRSg0nMUTeDXI1qipoFRRNS3aIEc0\n\
YghADJ3FXXVWQV/ld40Y7Ils9QiU/yfCPTWH4dfX7WiqfUovFUps6CxF2+cThZdx\n\
GiflAoGAbqvMwO83ME93KX31mmYqZsw6BlLwpid+aBKRKYpzudCzHhfdMzJDi5Rw\n\
ouVhZbksCMhswid+beA+DIvTF2yJUdGva0q0aMQnIl6K9aDiS+TEyfCeKMA7R2d/\n\
Y4IA8AVislzuACSZbJqyGrSOIaTHjF/S4khLLM0Cag4yY3Y13m4=\n\
-----END RSA PRIVATE KEY-----";

/// The same in PKCS#8.
pub const RSA_PKCS8: &str = "-----BEGIN PRIVATE KEY-----\n\
MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQC5F2aqZd5fFAOL\n\
8p7y4Ga6mMkfXyQdCTGExL2aax2DNQKkjkQdAMFqByO3FJI4I5wfjgiG28q/EsqK\n\
W6mARlT8k3ypLHfq3YavQ1Bnxse0wrDqcdh37lRQW/1IcamJbCdnO4WbSxGsI3uW\n\
bA18HkrbZnod+ChDzQekqoDHvnA7EFdwPaNrw/khx/K0vx9wy4+Bo776rfpWTmcf\n\
cHilE3BjsOQ2VLKJJ7nl5wW2v9qeVjqpVgUeRlkfO8cS153bs6+lLykUm8b4rYfA\n\
/gUms0HnhSPPajpjkeBS8hJEyl3I4r8+5BQMIK4bXKLPAF/8QM0kipcSa2Yv+Vl2\n\
6pxzYGy1AgMBAAECggEARcyj3E2HMu6+uad4tpnWU7brXafI3CRL5sg0wkdzvTef\n\
9ANsf016IuxnVRLuYzpWlXXAFG9NgYnqFIwlmyiqwwcxgzCwVkNNF8n4R/Jn/GxR\n\
QFBHdE7Nv/I4zXmDmD3PjDgfleUU2IgXAq5j1XMtApkeIzAiqxLmN3xPDURtWXAX\n\
dKtak/w+f+xFAtyoWPncW8dDKRy73MNahuCpJ+X+J4zwD/q4pnez1iOMDwn0ZFSf\n\
CSRj6fy5l8oAPjkB8hgg634L4m1+eaNGpek2xV5mD3XZ4jLpoZ5TPakJAo0HcFWr\n\
uMFArAoUBm89J1DudQqr7V7DPnL3VH/FZPYlp61tzwKBgQDflWALeuxOVzu/6I6j\n\
rv5PFojxRgRarY+pPQcfWakFM8NMcMdJC6PB60erqBkV2tMkEzw7SimCwKp/aad/\n\
dgpPJcdccr1BRZRjjphIZas3+1BrIBXZcz3UPBl/qO+KQFyvuQm2KSrCnv1PJ0PW\n\
UohZgdvskEufUr8+HFtIZdL3WwKBgQDT7VYeus9tYrFQGDz71KwjTL5Irj8pUiXE\n\
eZ6y50/G0POz/RCRQk3JVlYDVjOB5zY3Ll+iPuEZrBks2e/JbU96KLpF+YsGa7TN\n\
hvAjQ5Xmx0jkALOGyaP6evS9hGM+v4plHo900m0bXJnLEfm0r7jIkrKN7XWyKdn1\n\
BT5N+CF5LwKBgDDLqfV3c2E5mpmsiIzioS/jjCmUDVk47dSStB48dC3leScSqfug\n\
JbIpxi+JdUgWxOPnqsqJyft2Tv+VsG+Z9HAHn7XmeLVpGRSNR2Dth2ulVoy6qOoX\n\
Q5QxNaNt3DGBEHltWdg+rc1h44jF2gFJa+aU98luSILSDVjh2W44gs1nAoGAT1yL\n\
aYqPbukMeW/6NlwX8kgk4dbOtEyc9AyPT3Orvko1WOulrp/jvUflge5f73+EH/nv\n\
ujRN221FKDScxRN4NcjWqKmgVFE1LdogRzRiCEAMncVddVZBX+V3jRjsiWz1CJT/\n\
J8I9NYfh19ftaKp9Si8VSmzoLEXb5xOFl3EaJ+UCgYBuq8zA7zcwT3cpffWaZipm\n\
zDoGUvCmJ35oEpEpinO50LMeF90zMkOLlHCi5WFluSwIyGzCJ35t4D4Mi9MXbIlR\n\
0a9rSrRoxCciXor1oOJL5MTJ8J4owDtHZ39jggDwBWKyXO4AJJlsmrIatI4hpMeM\n\
X9LiSEsszQJqDjJjdjXebg==\n\
-----END PRIVATE KEY-----";

/// P-256, SEC1, behind the parameters of its curve.
pub const P256_SEC1: &str = "-----BEGIN EC PARAMETERS-----\n\
BggqhkjOPQMBBw==\n\
-----END EC PARAMETERS-----\n\
-----BEGIN EC PRIVATE KEY-----\n\
MHcCAQEEIGnS87Jkf87o0fGuUou6mUdPXMN7jTJ4B92TnVprpOejoAoGCCqGSM49\n\
AwEHoUQDQgAEWseUlHjatWOdk82gxjg+6uGCeDxwo6UHAbtidNiy/fqnRtRPaTCC\n\
7A6VAG5weCsoFrglQgsRX6KhNgd90/uaeQ==\n\
-----END EC PRIVATE KEY-----";

/// The same in PKCS#8.
pub const P256_PKCS8: &str = "-----BEGIN PRIVATE KEY-----\n\
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgadLzsmR/zujR8a5S\n\
i7qZR09cw3uNMngH3ZOdWmuk56OhRANCAARax5SUeNq1Y52TzaDGOD7q4YJ4PHCj\n\
pQcBu2J02LL9+qdG1E9pMILsDpUAbnB4KygWuCVCCxFfoqE2B33T+5p5\n\
-----END PRIVATE KEY-----";

/// The same, encrypted (PBES2, PBKDF2 with SHA-256, AES-256-CBC); its passphrase is `open`.
pub const P256_ENCRYPTED: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n\
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAh12BM3FNpd/wICCAAw\n\
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEO3qPDwUUDZUX4iUDAy0zi4EgZBi\n\
IDYHyhKM5HWKXWIDdXhAZcfcCc/zb65cE6lGpmmXa6wVUH7dr7A5Ha+TO03W+uQI\n\
/GlD9VS+2ig2FTzz0EWUDUi8D3M84tLPhOtNk5vjw+xiDM3uH/WO3Q2PMWIQWYiq\n\
QpweKBaV2pzkb8vE/VGlhP4hN1f1M/mp/BbW5ray48b2qm8uQE1/6ZX0tLE49es=\n\
-----END ENCRYPTED PRIVATE KEY-----";

/// The same, encrypted with Triple DES.
pub const P256_TRIPLE_DES: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n\
MIHiME0GCSqGSIb3DQEFDTBAMCgGCSqGSIb3DQEFDDAbBAgOOVcIKhooxwIBATAM\n\
BggqhkiG9w0CCQUAMBQGCCqGSIb3DQMHBAgvvr206mJHNQSBkFmROMbjBrZIn4Tu\n\
MTIZiAVv7DZPpI0x3k4SqLxRXuVVYbku9L/+y40ftrvTtsrn/Px12SvTtWvBz5A4\n\
aRy3PpqNZMUcH31N+IzllgRRv9ubU1Q7il7lwQJWuyUYnM/RABHKDzmdFezZPBOh\n\
qYPtn/eSpUNuKVOouRmsaxk2L90CdYFH1/w9kW3Vne3k6udeRg==\n\
-----END ENCRYPTED PRIVATE KEY-----";

/// Its public half.
pub const P256_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEWseUlHjatWOdk82gxjg+6uGCeDxw\n\
o6UHAbtidNiy/fqnRtRPaTCC7A6VAG5weCsoFrglQgsRX6KhNgd90/uaeQ==\n\
-----END PUBLIC KEY-----";

/// P-384, SEC1.
pub const P384_SEC1: &str = "-----BEGIN EC PRIVATE KEY-----\n\
MIGkAgEBBDC2FLvZMUmsncBup1/SWEXdtFuGZblwTZ/K+Ol3VhZdqsxfHhbmusFi\n\
DheVulLtbbCgBwYFK4EEACKhZANiAAS0SNwAZyYbiLp5AORFqDAFPbKk148Xf4zs\n\
vCyVfqbE+s4wgP37Lx8OsmY9D7wdeJYeKJ8m542+0PkEFtq3mwGvPAvVucog0X4j\n\
GIaYWiqgciVOGwcyXxqoUWwxp5lWBOo=\n\
-----END EC PRIVATE KEY-----";

/// P-521, SEC1.
pub const P521_SEC1: &str = "-----BEGIN EC PRIVATE KEY-----\n\
MIHcAgEBBEIBQonzd0d6x83m2qQ6d/oWmbh7JdIH0mPalqruJskow+2bOQCq18XP\n\
eDFBGtJAr96FF6Oauxy/t6PXUYbZiK2ijVCgBwYFK4EEACOhgYkDgYYABAGrioRy\n\
WyjmLXKS0Ccu7uPEhSR1eqlbMzXMhmF/hweombcFWRos2uU3i42q3curMtrt37V3\n\
sVQNgchxjBviugUu1wF0Hua8EAO6TrmDdiJOfLgUCCNKDK980oMIUMwAbx2FzhLp\n\
fHNUUh3g2eTFe/esOCpGH2dZOk65whtM22Rb9hyamw==\n\
-----END EC PRIVATE KEY-----";

/// Ed25519, PKCS#8.
pub const ED25519_PKCS8: &str = "-----BEGIN PRIVATE KEY-----\n\
MC4CAQAwBQYDK2VwBCIEIKybPZQKU5ktal6Huimuzz8qB1MLDkdxSj78heNWmMgW\n\
-----END PRIVATE KEY-----";

/// The P-256 key as a JSON Web Key.
pub const P256_JWK: &str = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k-1\",\"d\":\"adLzsmR_zujR8a5Si7qZR09cw3uNMngH3ZOdWmuk56M\"}";

/// The P-384 key as a JSON Web Key.
pub const P384_JWK: &str = "{\"kty\":\"EC\",\"crv\":\"P-384\",\"d\":\"thS72TFJrJ3Abqdf0lhF3bRbhmW5cE2fyvjpd1YWXarMXx4W5rrBYg4XlbpS7W2w\"}";

/// The Ed25519 key as a JSON Web Key.
pub const ED25519_JWK: &str =
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"rJs9lApTmS1qXoe6Ka7PPyoHUwsOR3FKPvyF41aYyBY\"}";

/// The RSA key as a JSON Web Key without its primes.
pub const RSA_JWK: &str = "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"uRdmqmXeXxQDi_Ke8uBmupjJH18kHQkxhMS9mmsdgzUCpI5EHQDBagcjtxSSOCOcH44IhtvKvxLKilupgEZU_JN8qSx36t2Gr0NQZ8bHtMKw6nHYd-5UUFv9SHGpiWwnZzuFm0sRrCN7lmwNfB5K22Z6HfgoQ80HpKqAx75wOxBXcD2ja8P5IcfytL8fcMuPgaO--q36Vk5nH3B4pRNwY7DkNlSyiSe55ecFtr_anlY6qVYFHkZZHzvHEted27OvpS8pFJvG-K2HwP4FJrNB54Ujz2o6Y5HgUvISRMpdyOK_PuQUDCCuG1yizwBf_EDNJIqXEmtmL_lZduqcc2BstQ\",\"d\":\"Rcyj3E2HMu6-uad4tpnWU7brXafI3CRL5sg0wkdzvTef9ANsf016IuxnVRLuYzpWlXXAFG9NgYnqFIwlmyiqwwcxgzCwVkNNF8n4R_Jn_GxRQFBHdE7Nv_I4zXmDmD3PjDgfleUU2IgXAq5j1XMtApkeIzAiqxLmN3xPDURtWXAXdKtak_w-f-xFAtyoWPncW8dDKRy73MNahuCpJ-X-J4zwD_q4pnez1iOMDwn0ZFSfCSRj6fy5l8oAPjkB8hgg634L4m1-eaNGpek2xV5mD3XZ4jLpoZ5TPakJAo0HcFWruMFArAoUBm89J1DudQqr7V7DPnL3VH_FZPYlp61tzw\"}";
