/**
 * A self-signed certificate for `stock-service.trading.internal` that lasts a century, and its key, made for these tests:
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -addext subjectAltName=DNS:...`
 */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIB0TCCAXagAwIBAgIUerrGCpPXYgVWYe7CupM33Sxfp3wwCgYIKoZIzj0EAwIw
JzElMCMGA1UEAwwcdGVzdCBvZiBlY3MtZGlzY292ZXJ5LWNsaWVudDAgFw0yNjEx
MjAxMjE3MDRaGA8yMTI2MTAyNzEyMTcwNFowJzElMCMGA1UEAwwcdGVzdCBvZiBl
Y3MtZGlzY292ZXJ5LWNsaWVudDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIvj
j0C7usMwXKazgUUWA/8OmiYb7lHyallL1/dSqq55rdkCDgCi66NWVMeoqek6vl9E
P5ic9J7AgnJVtUjXq4+jfjB8MB0GA1UdDgQWBBSOPH4Uc+EZ1HBbQArlaSdrbFO3
1TAfBgNVHSMEGDAWgBSOPH4Uc+EZ1HBbQArlaSdrbFO31TAPBgNVHRMBAf8EBTAD
AQH/MCkGA1UdEQQiMCCCHnN0b2NrLXNlcnZpY2UudHJhZGluZy5pbnRlcm5hbDAK
BggqhkjOPQQDAgNJADBGAiEAo36a3+yNCDku3DiHbfhHzzmLqellK/ClQzxmR7dM
z/cCIQDm7dmKgxChFdQC0kgO9iDQuNqq6BESSrei3jp29rXI8A==
-----END CERTIFICATE-----
`;

export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgv5FeARPLknPoc/gO
fuRoItMt3fyb7ejoErhADg6XlyKhRANCAASL449Au7rDMFyms4FFFgP/DpomG+5R
8mpZS9f3Uqquea3ZAg4AouujVlTHqKnpOr5fRD+YnPSewIJyVbVI16uP
-----END PRIVATE KEY-----
`;
