filedesc://a 0.0.0.0 19970101000000 text/plain 76
1 0 InternetArchive
URL IP-address Archive-date Content-type Archive-length

http://a/ 10.0.0.1 19970102030405 text/html 56
HTTP/1.1 200 OK
Content-Type: text/html

<p>old words
http://b/ 10.0.0.1 19970102030405 text/html 56
HTTP/1.1 200 OK
Content-Type: text/html

<p>old words