from tests.support import X
print(X)
