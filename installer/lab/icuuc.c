/* Qt 6.11 imports these from the icuuc.dll of Windows 10 1903 and later, for text codecs of which the
 * desk uses none. Here every one of them says that it cannot. */
#define UNSUPPORTED 16
#define OUT __declspec(dllexport)
#define SAYS_NO(name, before) OUT void *name before { *error = UNSUPPORTED; return 0; }
#define DOES_NOTHING(name) OUT void *name(void) { return 0; }

typedef void *p;

SAYS_NO(ucnv_open, (p name, int *error))
SAYS_NO(ucnv_getName, (p codec, int *error))
SAYS_NO(ucnv_getStandardName, (p name, p standard, int *error))
SAYS_NO(ucnv_toUCountPending, (p codec, int *error))
SAYS_NO(ucnv_fromUCountPending, (p codec, int *error))
SAYS_NO(ucnv_cbToUWriteUChars, (p to, p text, int length, int offset, int *error))
SAYS_NO(ucnv_cbFromUWriteUChars, (p to, p text, p end, int offset, int *error))
SAYS_NO(ucnv_setToUCallBack, (p codec, p call, p with, p *had, p *had_with, int *error))
SAYS_NO(ucnv_setFromUCallBack, (p codec, p call, p with, p *had, p *had_with, int *error))
SAYS_NO(ucnv_toUnicode, (p codec, p to, p to_end, p from, p from_end, p at, char flush, int *error))
SAYS_NO(ucnv_fromUnicode, (p codec, p to, p to_end, p from, p from_end, p at, char flush, int *error))

OUT void ucnv_getToUCallBack(p codec, p *call, p *with) { *call = 0; *with = 0; }
OUT void ucnv_getFromUCallBack(p codec, p *call, p *with) { *call = 0; *with = 0; }
OUT signed char ucnv_getMaxCharSize(p codec) { return 1; }

DOES_NOTHING(ucnv_close)
DOES_NOTHING(ucnv_reset)
DOES_NOTHING(UCNV_TO_U_CALLBACK_SUBSTITUTE)
DOES_NOTHING(UCNV_FROM_U_CALLBACK_SUBSTITUTE)
DOES_NOTHING(ucnv_countAvailable)
DOES_NOTHING(ucnv_getAvailableName)

int __stdcall DllMainCRTStartup(p library, unsigned reason, p reserved) { return 1; }
