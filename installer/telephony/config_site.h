/* What our pjproject is made with; everything else is its own default. */

#define PJMEDIA_HAS_VIDEO 0

/* The AES-GCM suites are offered first, then the older ones (RFC 7714, RFC 6188, RFC 4568). */
#define PJMEDIA_SRTP_HAS_AES_GCM_256 1
#define PJMEDIA_SRTP_HAS_AES_GCM_128 1
/* pjproject knows these two by the names in its own, older copy of libsrtp. */
#define srtp_aes_gcm_256_openssl srtp_aes_gcm_256
#define srtp_aes_gcm_128_openssl srtp_aes_gcm_128

/* A transport that says nothing speaks TLS 1.2 or 1.3; 1.0 and 1.1 are deprecated (RFC 8996). */
#define PJSIP_SSL_DEFAULT_PROTO (PJ_SSL_SOCK_PROTO_TLS1_2 | PJ_SSL_SOCK_PROTO_TLS1_3)

/* An offer with ICE candidates, six codecs and five SRTP suites passes 4000 bytes, the default. */
#define PJSIP_MAX_PKT_LEN 16000

#define PJSUA_MAX_ACC 16
#define PJSUA_MAX_CALLS 32
#define PJ_IOQUEUE_MAX_HANDLES 256
#define PJMEDIA_RESAMPLE_IMP PJMEDIA_RESAMPLE_LIBSAMPLERATE

#ifdef _WIN32
#define PJMEDIA_AUDIO_DEV_HAS_WMME 1
/* Names of devices and files with letters that the local code page lacks. */
#define PJ_NATIVE_STRING_IS_UNICODE 1
#endif
