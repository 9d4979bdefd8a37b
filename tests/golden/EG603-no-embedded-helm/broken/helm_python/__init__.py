raise ImportError("libhelm.so: cannot open shared object file")
