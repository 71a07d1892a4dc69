/* Qt asks for the screen's colour profile through functions that Wine 8 lacks; this one has none. */
#define OUT __declspec(dllexport)

OUT void *OpenColorProfileW(void *profile, unsigned access, unsigned share, unsigned how) { return 0; }
OUT int GetColorProfileFromHandle(void *profile, void *into, unsigned *size) { return 0; }
OUT void *WcsCreateIccProfile(void *profile, unsigned options) { return 0; }
OUT int CloseColorProfile(void *profile) { return 1; }

int __stdcall DllMainCRTStartup(void *library, unsigned reason, void *reserved) { return 1; }
