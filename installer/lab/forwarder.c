/* A library of nothing but names that lead to another one: the .def file beside it has them. */
int __stdcall DllMainCRTStartup(void *library, unsigned reason, void *reserved) { return 1; }
